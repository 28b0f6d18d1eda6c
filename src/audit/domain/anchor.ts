import type { Finding } from './findings.js';

/** What an anchor says of one stream: block `seq` has this hash. */
export interface AnchorHead {
  readonly stream: string;
  readonly seq: bigint;
  /** Hex. */
  readonly hash: string;
  /** When the anchor was made, ISO 8601. */
  readonly at: string;
}

/**
 * Compares anchors with the chain. An anchored block that is not there means that the tail was cut off; another hash means
 * that the chain was made anew, somewhere after the last anchor that still fits.
 * @param present hashes of the chain at the anchored places, by `stream:seq`
 */
export function anchoredFindings(heads: readonly AnchorHead[], present: ReadonlyMap<string, string>): Finding[] {
  const fitting = new Map<string, bigint>();
  const sorted = [...heads].sort((one, other) => (one.seq < other.seq ? -1 : one.seq > other.seq ? 1 : 0));
  const found: Finding[] = [];
  for (const { stream, seq, hash, at } of sorted) {
    const there = present.get(`${stream}:${seq.toString()}`);
    if (there === hash) {
      fitting.set(stream, seq);
      continue;
    }
    const facts = { anchor: at, expected: hash, found: there ?? '-', lastFitting: String(fitting.get(stream) ?? 0n) };
    const kind = there === undefined ? 'tail-cut' : 'chain-rebuilt';
    found.push({ kind, stream, table: 'audit_chain', seq, position: -1, key: null, month: null, facts });
  }
  return found;
}
