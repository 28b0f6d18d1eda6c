import '../app.module.js';
import { type ErrorDefinition, type ErrorKind, registeredErrors } from '../common/errors/index.js';
import { STATUS } from '../common/http/index.js';
import { type Command, print } from './command.js';

/** What each kind means for the caller, in the order of their status. */
const KINDS: Readonly<Record<ErrorKind, { readonly zh: string; readonly en: string }>> = {
  invalid: {
    zh: '输入不合规定：按 errors 中每一项的位置（field，或 row 与 column）改正后重新提交。',
    en: 'The input is wrong: correct what `errors` names by `field`, or by `row` and `column`, and send it again.',
  },
  forbidden: {
    zh: '身份或岗位不允许：登录，或由有权限的、未经办过此事的人办理。',
    en: 'Not for this user: sign in, or let somebody act who has the right and did not prepare it.',
  },
  'not-found': {
    zh: '没有，或者不在本人的数据范围内；两者的回答相同。',
    en: 'It is not there, or outside the scope of the user; the answer is the same for both.',
  },
  conflict: {
    zh: '与现状冲突：重新读取后再决定。',
    en: 'Somebody or something was there first: read again, then decide.',
  },
  refused: {
    zh: '按政策或业务规则不予办理：原样重试没有用，须先改变提示中的事实。',
    en: 'A rule says no: the same request will not pass; change the fact that the text names first.',
  },
  unavailable: {
    zh: '系统暂时不可用：按 Retry-After 稍后以同一 Idempotency-Key 重试。',
    en: 'The system cannot answer now: try again after `Retry-After`, with the same Idempotency-Key.',
  },
};

/** The catalogue of docs/errors.md. Importing the application declares every error. */
export const errorsDocCommand: Command = {
  name: 'errors-doc',
  about: 'print docs/errors.md from the declared errors',
  run() {
    print([...introduction(), ...rooms()].join('\n'));
    return Promise.resolve(0);
  },
};

function introduction(): string[] {
  return [
    '# Errors',
    '',
    'Every refusal is `application/problem+json` (RFC 9457): `code` is permanent and listed here, `detail` says it in Chinese',
    'or – by `Accept-Language` – English with the facts in place of the {braces}, `errors` names each fault of the input, and',
    '`traceId` stands in the log and the audit trail. A code begins with the room that declares it.',
    'Written by `node dist/cli.js errors-doc`; do not edit.',
    '',
    '| kind | status | 怎么办 | what to do |',
    '|---|---|---|---|',
    ...(Object.keys(KINDS) as ErrorKind[]).map(
      (kind) => `| ${kind} | ${String(STATUS[kind])} | ${KINDS[kind].zh} | ${KINDS[kind].en} |`,
    ),
    '',
    'A few answers of the transport have a status of their own: 401 without sign-in, 405, 413, 415, 429.',
  ];
}

function rooms(): string[] {
  const byRoom = new Map<string, ErrorDefinition[]>();
  for (const error of registeredErrors()) {
    const [room = ''] = error.code.split('.');
    byRoom.set(room, [...(byRoom.get(room) ?? []), error]);
  }
  return [...byRoom].flatMap(([room, errors]) => [
    '',
    `## ${room}`,
    '',
    '| code | status | kind | 中文 | English |',
    '|---|---|---|---|---|',
    ...errors.map(
      ({ code, kind, zh, en }) => `| \`${code}\` | ${String(STATUS[kind])} | ${kind} | ${cell(zh)} | ${cell(en)} |`,
    ),
  ]);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
