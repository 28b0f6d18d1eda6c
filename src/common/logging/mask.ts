const RESIDENT_ID = /\b(\d{6})\d{8}(\d{3}[\dXx])\b/g;
const OLD_RESIDENT_ID = /\b(\d{6})\d{6}(\d{3})\b/g;
const MOBILE = /\b(1[3-9]\d)\d{4}(\d{4})\b/g;
const COMPACT_JWS = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const BEARER = /\b(Bearer)\s+[\w.~+/=-]+/gi;

/**
 * Hides what must never stand in a log: resident identity numbers (18 and 15 digits), mobile numbers, tokens. Line breaks
 * become visible escapes, so that one event stays one line and nobody can forge a second.
 */
export function mask(text: string): string {
  return text
    .replace(COMPACT_JWS, '[token]')
    .replace(BEARER, '$1 [token]')
    .replace(RESIDENT_ID, '$1********$2')
    .replace(OLD_RESIDENT_ID, '$1******$2')
    .replace(MOBILE, '$1****$2')
    .replace(/\r/g, '\\r')
    .replace(/\n/g, '\\n');
}
