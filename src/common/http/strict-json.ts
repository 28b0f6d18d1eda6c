import { DomainError } from '../errors/index.js';
import { HttpError, httpErrors } from './http-error.js';
import { isStorableText } from './text.js';

/** Bounds of a JSON body. 10 000 is also the documented largest number of lines of a bill. */
export const JSON_LIMITS = { bytes: 4 * 1024 * 1024, depth: 32, entries: 10_000 } as const;

const PAYLOAD_TOO_LARGE = 413;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MAX_EXACT_DIGITS = 15;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a JSON body without letting anything be altered on the way in. `JSON.parse` alone keeps the last of two equal
 * keys, rounds long numbers, accepts lone surrogates and NUL, and a decoder that is not fatal turns GBK into U+FFFD –
 * each of which would store something other than what was sent.
 *
 * @returns the value, or undefined for an empty body
 * @throws DomainError `http.not-utf8`, `http.malformed-json`, `http.json-…` (400), `http.json-too-many` (413)
 */
export function readStrictJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  new Scan(text).run();
  return parse(text);
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new DomainError(httpErrors['not-utf8']);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('syntax');
  }
}

function malformed(reason: string): DomainError {
  return new DomainError(httpErrors['malformed-json'], { reason });
}

interface Open {
  /** Keys seen so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  entries: number;
}

/**
 * One pass over the text that checks what `JSON.parse` does not tell. It need not be a full parser: the grammar itself is
 * checked by `JSON.parse` afterwards; here only strings, numbers, brackets and keys are followed.
 */
class Scan {
  private at = 0;
  private readonly open: Open[] = [];
  private expectKey = false;

  constructor(private readonly text: string) {}

  run(): void {
    while (this.at < this.text.length) {
      const character = this.text.charCodeAt(this.at);
      if (character === 0x22) this.string();
      else if (character === 0x7b || character === 0x5b) this.enter(character === 0x7b);
      else if (character === 0x7d || character === 0x5d) this.leave();
      else if (character === 0x2c) this.comma();
      else if (character === 0x2d || (character >= 0x30 && character <= 0x39)) this.number();
      else this.at += 1;
    }
    if (this.open.length > 0) throw malformed('unclosed bracket');
  }

  private enter(isObject: boolean): void {
    if (this.open.length >= JSON_LIMITS.depth) {
      throw new DomainError(httpErrors['json-too-deep'], { limit: JSON_LIMITS.depth });
    }
    this.open.push({ keys: isObject ? new Set() : undefined, entries: 1 });
    this.expectKey = isObject;
    this.at += 1;
  }

  private leave(): void {
    if (this.open.pop() === undefined) throw malformed('unopened bracket');
    this.expectKey = false;
    this.at += 1;
  }

  private comma(): void {
    const level = this.open.at(-1);
    if (level === undefined) throw malformed('stray comma');
    level.entries += 1;
    if (level.entries > JSON_LIMITS.entries) {
      throw new HttpError(httpErrors['json-too-many'], PAYLOAD_TOO_LARGE, { limit: JSON_LIMITS.entries });
    }
    this.expectKey = level.keys !== undefined;
    this.at += 1;
  }

  private string(): void {
    const start = this.at;
    const end = this.endOfString(start);
    const raw = this.text.slice(start + 1, end);
    const value = raw.includes('\\') ? unescape(this.text.slice(start, end + 1)) : raw;
    if (!isStorableText(value)) throw new DomainError(httpErrors['json-bad-character']);
    if (this.expectKey) this.key(value);
    this.at = end + 1;
  }

  private key(value: string): void {
    const keys = this.open.at(-1)?.keys;
    // `__proto__` is an ordinary key for JSON.parse, but copying such an object later would set its prototype.
    if (keys?.has(value) === true || value === '__proto__') {
      throw new DomainError(httpErrors['json-duplicate-key'], { key: value.slice(0, 60) });
    }
    keys?.add(value);
    this.expectKey = false;
  }

  private endOfString(start: number): number {
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1) {
      let slashes = 0;
      while (this.text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1;
      if (slashes % 2 === 0) return end;
      end = this.text.indexOf('"', end + 1);
    }
    throw malformed('unclosed string');
  }

  private number(): void {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text)?.[0];
    if (found === undefined) throw malformed('number');
    const digits = found.replace(/[-.]/g, '').replace(/^0+/, '');
    if (/[eE]/.test(found) || digits.length > MAX_EXACT_DIGITS) {
      throw new DomainError(httpErrors['json-number'], { value: found.slice(0, 40) });
    }
    this.at += found.length;
  }
}

function unescape(quoted: string): string {
  const value = parse(quoted);
  if (typeof value !== 'string') throw malformed('string');
  return value;
}
