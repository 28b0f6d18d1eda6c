const MIN_LENGTH = 12;
const MAX_LENGTH = 128;
const MIN_DIFFERENT = 5;

/** Parts of the passwords that are tried first everywhere, here and abroad; compared without case, digits and signs at the ends. */
const COMMON = new Set([
  'password',
  'passwordpassword',
  'passw0rd',
  'qwertyuiop',
  'qwertyuiopasdfghjkl',
  'qwerty',
  'asdfghjkl',
  'zxcvbnm',
  'letmein',
  'iloveyou',
  'welcome',
  'administrator',
  'admin',
  'adminadmin',
  'changeme',
  'default',
  'system',
  'sysadmin',
  'superman',
  'woaini',
  'woainiwoaini',
  'nihao',
  'nihaoma',
  'wodemima',
  'mima',
  'guanliyuan',
  'yibao',
  'yibaoju',
  'tongchou',
  'zhongguo',
  'china',
  'qazwsxedc',
  'qazwsx',
  'abcdefg',
  'abcdefghijkl',
  'aabbcc',
  'monkey',
  'dragon',
  'football',
  'baseball',
  'princess',
  'sunshine',
  'trustno',
  'secret',
  'test',
  'testtest',
  'user',
  'root',
  'oracle',
  'postgres',
  'hospital',
  'yiyuan',
]);

/**
 * Whether a password may be set (ASVS 6.2.1, 6.2.4, 6.2.9, 6.2.11): 12 to 128 characters of any kind, no composition
 * rules, not common, not a run of keys or digits, not holding the user name.
 */
export function isAcceptablePassword(password: string, username: string): boolean {
  const characters = Array.from(password);
  if (characters.length < MIN_LENGTH || characters.length > MAX_LENGTH) return false;
  const lower = password.toLowerCase();
  if (lower.includes(username.toLowerCase())) return false;
  if (new Set(characters).size < MIN_DIFFERENT || isRun(lower)) return false;
  const core = lower.replace(/^[^a-z]+|[^a-z]+$/g, '');
  return !COMMON.has(core) || core.length < lower.length / 2;
}

// "123456789012", "abcdefghijkl", "987654321098": each character is the neighbour of the one before.
function isRun(text: string): boolean {
  const steps = Array.from(text)
    .slice(1)
    .map((character, index) => character.charCodeAt(0) - text.charCodeAt(index));
  return [1, -1].some((step) => steps.every((found) => found === step || Math.abs(found) === 9));
}
