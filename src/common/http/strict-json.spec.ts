import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDomainError } from '../errors/index.js';
import { JSON_LIMITS, readStrictJson } from './strict-json.js';

const read = (text: string): unknown => readStrictJson(Buffer.from(text, 'utf8'));

function codeOf(bytes: Buffer | string): string {
  try {
    readStrictJson(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
    return 'accepted';
  } catch (error) {
    return isDomainError(error) ? error.code : `not a domain error: ${String(error)}`;
  }
}

describe('the strict JSON reader', () => {
  it.each([
    ['{"a":1,"b":[true,false,null,"x"],"c":{"a":2}}', { a: 1, b: [true, false, null, 'x'], c: { a: 2 } }],
    ['  [ ] ', []],
    ['"\\u00e9 \\"quoted\\" \\\\ \\ud842\\udfb7"', 'é "quoted" \\ 𠮷'],
    ['{"名":"䶮","\\u0061":1}', { 名: '䶮', a: 1 }],
    ['123456789012345', 123456789012345],
    ['-0.25', -0.25],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('reads an empty body as nothing', () => {
    expect(read('')).toBeUndefined();
  });

  it.each([
    ['half an object', '{"a":', 'http.malformed-json'],
    ['a comma too many', '[1,]', 'http.malformed-json'],
    ['a stray bracket', ']', 'http.malformed-json'],
    ['an unclosed string', '"abc', 'http.malformed-json'],
    ['an unclosed string after an escaped quote', '"abc\\"', 'http.malformed-json'],
    ['two values', '1 2', 'http.malformed-json'],
    ['a comment', '{"a":1}//x', 'http.malformed-json'],
    ['NaN', 'NaN', 'http.malformed-json'],
    ['a byte order mark', '\uFEFF{}', 'http.malformed-json'],
    ['a raw control character in a text', '"a\u0001b"', 'http.malformed-json'],
    ['the same key twice', '{"a":1,"a":2}', 'http.json-duplicate-key'],
    ['the same key twice, once escaped', '{"a":1,"\\u0061":2}', 'http.json-duplicate-key'],
    ['the same key twice, deep down', '{"x":[{"k":1},{"k":1,"k":2}]}', 'http.json-duplicate-key'],
    ['a key that would set a prototype', '{"__proto__":{"admin":true}}', 'http.json-duplicate-key'],
    ['an escaped NUL', '"a\\u0000b"', 'http.json-bad-character'],
    ['an escaped lone surrogate', '"\\ud842"', 'http.json-bad-character'],
    ['surrogates in the wrong order', '"\\udfb7\\ud842"', 'http.json-bad-character'],
    ['an exponent', '{"a":1e3}', 'http.json-number'],
    ['a number that would be rounded', '[1.00000000000000001]', 'http.json-number'],
    ['2^53 + 1', '9007199254740993', 'http.json-number'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('refuses bytes that are not UTF-8, also GBK Chinese', () => {
    const gbk = Buffer.from([0x22, 0xc0, 0xee, 0xcb, 0xc4, 0x22]);
    expect(codeOf(gbk)).toBe('http.not-utf8');
    const surrogateInUtf8 = Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]);
    expect(codeOf(surrogateInUtf8)).toBe('http.not-utf8');
  });

  it('bounds depth and number of entries', () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(codeOf(deep(JSON_LIMITS.depth))).toBe('accepted');
    expect(codeOf(deep(JSON_LIMITS.depth + 1))).toBe('http.json-too-deep');
    expect(codeOf(deep(100_000))).toBe('http.json-too-deep');
    const long = (entries: number): string => `[${Array(entries).fill('0').join(',')}]`;
    expect(codeOf(long(JSON_LIMITS.entries))).toBe('accepted');
    expect(codeOf(long(JSON_LIMITS.entries + 1))).toBe('http.json-too-many');
  });

  it('reads whatever JSON.stringify writes, unchanged', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\u0000') && value !== '__proto__');
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.boolean(),
        fc.constant(null),
        fc.integer(),
        text,
        fc.array(tie('any')),
        fc.dictionary(text, tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (sent) => {
        expect(read(JSON.stringify(sent))).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws anything but a domain error, whatever the bytes', () => {
    const fragments = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"a"',
      '1',
      '-',
      '1e9',
      'true',
      ' ',
      '\\u',
      'ud800',
      '\u0000',
      '𠮷',
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 40 }), (parts) => {
        expect(codeOf(parts.join(''))).toMatch(/^(accepted|http\.)/);
      }),
      { numRuns: 10_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(codeOf(Buffer.from(bytes))).toMatch(/^(accepted|http\.)/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes no quadratic time for hostile texts', () => {
    const started = performance.now();
    codeOf(`"${'\\'.repeat(200_000)}`);
    codeOf(`"${'\\"'.repeat(200_000)}`);
    codeOf(`{${Array.from({ length: 9_000 }, (_unused, index) => `"k${String(index)}":0`).join(',')}}`);
    codeOf('-'.repeat(500_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
