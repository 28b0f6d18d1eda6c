/**
 * The hash chain, as pure functions over bytes. The worker computes the same in SQL (see chain-sql.ts), set by set; this
 * is the second, independent implementation, by which the verifier judges what the database hands it.
 */

/** SHA-256 of some bytes, 32 bytes. Given from outside, because rules have no library of the platform. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** A row as the chain knows it: its key within stream and month, and the hash of its canonical text. */
export interface Leaf {
  readonly key: string;
  readonly hash: Uint8Array;
}

/** What a block says of itself. Months are the first day as text, instants microseconds since 1970, hashes bytes. */
export interface BlockHeader {
  readonly poolArea: string;
  readonly stream: string;
  readonly seq: bigint;
  readonly month: string;
  readonly form: number;
  /** The columns that a row's hash covers, in this order. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  readonly xidFrom: bigint | null;
  readonly xidTo: bigint | null;
  readonly horizon: bigint | null;
  readonly cluster: bigint;
  readonly sinceUs: bigint | null;
  readonly sealedUs: bigint;
  readonly previousHash: Uint8Array;
}

export const HASH_BYTES = 32;
/** What the first block of every stream follows. */
export const GENESIS: Uint8Array = new Uint8Array(HASH_BYTES);
const FORMAT = 'tongchou-chain-1';

const encoder = new TextEncoder();
const bytesOf = (text: string): Uint8Array => encoder.encode(text);

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/**
 * The canonical text of a row: every value as the length of its UTF-8 bytes, a colon and itself, a missing value as `-`.
 * No two different rows have the same text, whatever the values hold.
 */
export function canonicalRow(values: readonly (string | null)[]): string {
  return values.map((value) => (value === null ? '-' : `${String(bytesOf(value).length)}:${value}`)).join('');
}

/** @param canonical the text of a row as `canonicalSql` has the database write it */
export function rowHash(digest: Digest, canonical: string): Uint8Array {
  return digest(bytesOf(canonical));
}

/** The hash over the rows of a block, in the order of the block: key, a zero byte, hash of the row. */
export function rootOf(digest: Digest, leaves: readonly Leaf[]): Uint8Array {
  const parts = leaves.flatMap(({ key, hash }) => [bytesOf(key), new Uint8Array(1), hash]);
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return digest(all);
}

/** The hash of a block: over everything its header says, the rows it covers and the block before it. */
export function blockHash(digest: Digest, header: BlockHeader, root: Uint8Array): Uint8Array {
  const number = (value: bigint | null): string => (value === null ? '-' : value.toString());
  const text = [
    FORMAT,
    header.poolArea,
    header.stream,
    header.seq.toString(),
    header.month,
    String(header.form),
    header.columns.join(','),
    String(header.rowCount),
    number(header.xidFrom),
    number(header.xidTo),
    number(header.horizon),
    header.cluster.toString(),
    number(header.sinceUs),
    header.sealedUs.toString(),
    hex(header.previousHash),
    hex(root),
  ].join('|');
  return digest(bytesOf(text));
}
