import '../app.module.js';
import { registeredErrors } from '../common/errors/index.js';
import { type Command, print } from './command.js';

/** The catalogue of docs/errors.md. Importing the application declares every error. */
export const errorsDocCommand: Command = {
  name: 'errors-doc',
  about: 'print docs/errors.md from the declared errors',
  run() {
    const rows = registeredErrors().map(({ code, kind, zh, en }) => `| \`${code}\` | ${kind} | ${zh} | ${en} |`);
    const head = [
      '# Errors',
      '',
      'Every refusal is `application/problem+json` (RFC 9457) with one of these permanent codes.',
      'Written by `node dist/cli.js errors-doc`; do not edit.',
      '',
      '| code | kind | 中文 | English |',
      '|---|---|---|---|',
    ];
    print([...head, ...rows].join('\n'));
    return Promise.resolve(0);
  },
};
