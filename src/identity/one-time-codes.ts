import { createHash, randomBytes } from 'node:crypto';

/** Without I, L, O and U: read aloud or copied from paper, no letter is taken for another (Crockford). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 16;
const GROUP = /.{4}(?=.)/g;
const FORM = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** A code of 80 random bits that a person can copy, e.g. `7H2K-9QWE-04MX-ZT3B`. */
export function newCode(): string {
  const characters = Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return characters.join('').replace(GROUP, '$&-');
}

/**
 * The hash under which a code is stored, however it was typed (small letters, blanks, O for 0); undefined for what cannot
 * be a code. 80 random bits need no slow hash.
 */
export function codeHash(typed: string): Buffer | undefined {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return FORM.test(plain) ? createHash('sha256').update(plain).digest() : undefined;
}
