// One pass, the harmless long ones first: part of an id of ours is never taken for a telephone number.
const OUR_ID =
  '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-z])(?=[0-9]*[a-f])[0-9a-f]{32}(?:[0-9a-f]{32})?(?![0-9a-z])';
const RESIDENT_ID = '(?<!\\d)(?<idArea>\\d{6})\\d{8}(?<idEnd>\\d{3}[\\dXx])(?!\\d)';
const OLD_RESIDENT_ID = '(?<!\\d)(?<oldArea>\\d{6})\\d{6}(?<oldEnd>\\d{3})(?!\\d)';
const BANK_ACCOUNT = '(?<!\\d)\\d{12,15}(?<accountEnd>\\d{4})(?!\\d)';
const MOBILE = '(?<!\\d)(?<carrier>1[3-9]\\d)\\d{4}(?<mobileEnd>\\d{4})(?!\\d)';
const NUMBERS = new RegExp(
  [OUR_ID, RESIDENT_ID, OLD_RESIDENT_ID, MOBILE, BANK_ACCOUNT].map((part) => `(?:${part})`).join('|'),
  'g',
);

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const COMPACT_JWS = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
/** Long random texts in base64url: refresh tokens, challenges, one-time tokens, with whatever is glued to them. */
const RANDOM_TOKEN = /(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*[0-9])[\w-]{40,}(?![\w-])/g;
const ENROLMENT_URI = /otpauth:\/\/\S+/gi;
const URL_PASSWORD = /(:\/\/[^\s:/@]*:)[^\s@/]+@/g;
const NAMED_SECRET = /("?(?:password|passwd|pwd|secret|passphrase|token)"?\s*[:=]\s*)("[^"]*"|[^\s,;}&"]+)/gi;

/** Everything that moves a cursor, rings a bell, ends a line or turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Hides what must never stand in a log: resident identity numbers (18 and 15 digits), mobile numbers, bank accounts,
 * tokens, private keys, passwords that stand beside their name. Control characters become visible escapes, so that one
 * event stays one line, nobody can forge a second, and no terminal obeys a stranger.
 */
export function mask(text: string): string {
  return text
    .replace(PRIVATE_KEY, '[key]')
    .replace(ENROLMENT_URI, '[secret]')
    .replace(COMPACT_JWS, '[token]')
    .replace(BEARER, '$1 [token]')
    .replace(RANDOM_TOKEN, '[token]')
    .replace(URL_PASSWORD, '$1[secret]@')
    .replace(NAMED_SECRET, '$1[secret]')
    .replace(NUMBERS, (...found: unknown[]) => hiddenNumber(found))
    .replace(UNPRINTABLE, visible);
}

type Groups = Partial<
  Record<'idArea' | 'idEnd' | 'oldArea' | 'oldEnd' | 'carrier' | 'mobileEnd' | 'accountEnd', string>
>;

function hiddenNumber(found: readonly unknown[]): string {
  const { idArea, idEnd, oldArea, oldEnd, carrier, mobileEnd, accountEnd } = found.at(-1) as Groups;
  if (idArea !== undefined) return `${idArea}********${idEnd ?? ''}`;
  if (oldArea !== undefined) return `${oldArea}******${oldEnd ?? ''}`;
  if (carrier !== undefined) return `${carrier}****${mobileEnd ?? ''}`;
  return accountEnd === undefined ? String(found[0]) : `************${accountEnd}`;
}

const SHORT: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\t': '\\t' };

function visible(character: string): string {
  return SHORT[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/** Names of members that are secrets wherever they stand, in lower case and without separators. */
const SECRET_MEMBERS = new Set([
  ...[
    'password',
    'newpassword',
    'oldpassword',
    'presentpassword',
    'currentpassword',
    'passphrase',
    'secret',
    'totpsecret',
  ],
  ...[
    'accesstoken',
    'refreshtoken',
    'token',
    'challenge',
    'authorization',
    'cookie',
    'setcookie',
    'otp',
    'recoverycodes',
  ],
  ...['privatekey', 'signingkey', 'fieldkeys', 'hmackey', 'idno', 'phone', 'bankaccount', 'payeeaccount'],
]);
const MAX_DEPTH = 6;

/** A value as it may be logged: texts masked, members that are secrets by their name left out, errors with their stack. */
export function maskedValue(value: unknown, hide: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Uint8Array) return `[${String(value.length)} bytes]`;
  if (value instanceof Error) {
    return { type: value.name, message: hide(value.message), stack: hide(value.stack ?? '') };
  }
  if (Array.isArray(value)) return value.map((item: unknown) => maskedValue(item, hide, depth + 1));
  const secret = (name: string): boolean =>
    hide === mask && SECRET_MEMBERS.has(name.toLowerCase().replace(/[^a-z]/g, ''));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      hide(name),
      secret(name) ? '[secret]' : maskedValue(item, hide, depth + 1),
    ]),
  );
}
