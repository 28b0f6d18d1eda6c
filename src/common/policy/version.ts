import { createHash } from 'node:crypto';

/** A JSON value as YAML gives it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * JSON text with sorted keys and no white space: two files that say the same give the same text, whatever their
 * comments, order of keys or line ends.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Stable version of a policy: `id@` and the first 16 hex digits of the SHA-256 of its canonical JSON. */
export function policyVersion(id: string, document: Json): string {
  return `${id}@${createHash('sha256').update(canonicalJson(document)).digest('hex').slice(0, 16)}`;
}
