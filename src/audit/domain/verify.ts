import {
  blockHash,
  type BlockHeader,
  type Digest,
  GENESIS,
  hex,
  type Leaf,
  rootOf,
  rowHash,
  sameBytes,
} from './chain.js';
import type { Finding, FindingKind } from './findings.js';

/** A block as it is stored; without leaves when only its place in the chain is to be checked. */
export interface StoredBlock {
  readonly header: BlockHeader;
  readonly leaves: readonly Leaf[] | null;
  readonly hash: Uint8Array;
}

/** A row beside what the chain knows of it; one of the two sides may be missing. */
export interface RowPair {
  readonly month: string;
  readonly key: string;
  readonly leaf: {
    readonly seq: bigint;
    readonly position: number;
    readonly hash: Uint8Array;
    readonly sinceUs: bigint | null;
  } | null;
  readonly row: {
    /** Null when no block knows the row: there is no form to write it in. */
    readonly canonical: string | null;
    readonly atUs: bigint | null;
    readonly xid: bigint | null;
  } | null;
}

/** Where a stream's chain stands. */
export interface Head {
  readonly seq: bigint;
  readonly horizon: bigint | null;
  readonly sealedUs: bigint;
}

/**
 * A transaction may have been open during a sweep, so its rows come with the next one; none is open for an hour (the
 * server ends idle transactions after 30 seconds, and no job's unit takes minutes).
 */
export const LATE_US = 3_600_000_000n;

/** Goes along a chain, block by block, and says what is wrong with each. */
export class BlockWalk {
  private previous: { readonly seq: bigint; readonly hash: Uint8Array } = { seq: 0n, hash: GENESIS };

  constructor(
    private readonly stream: string,
    private readonly digest: Digest,
  ) {}

  next({ header, leaves, hash }: StoredBlock): Finding[] {
    const found: Finding[] = [];
    const tell = (kind: FindingKind, seq: bigint, facts: Record<string, string>): void => {
      found.push({ ...this.place(header.month), kind, seq, facts });
    };
    const { previous } = this;
    if (header.seq !== previous.seq + 1n) {
      tell('block-missing', previous.seq + 1n, { next: header.seq.toString() });
    } else if (!sameBytes(header.previousHash, previous.hash)) {
      tell('block-not-linked', header.seq, { expected: hex(previous.hash), found: hex(header.previousHash) });
    }
    if (leaves !== null) {
      const computed = blockHash(this.digest, header, rootOf(this.digest, leaves));
      if (leaves.length !== header.rowCount || !sameBytes(computed, hash)) {
        tell('block-changed', header.seq, { expected: hex(hash), found: hex(computed) });
      }
    }
    this.previous = { seq: header.seq, hash };
    return found;
  }

  private place(month: string): Omit<Finding, 'kind' | 'seq' | 'facts'> {
    return { stream: this.stream, table: 'audit_chain', position: -1, key: null, month };
  }
}

/**
 * Judges one row. A row that no block knows is either younger than the last sweep – then it waits for the next one – or
 * was put in behind the chain's back.
 */
export function judgeRow(
  digest: Digest,
  source: { readonly stream: string; readonly table: string; readonly finalByXid: boolean },
  pair: RowPair,
  head: Head | undefined,
): Finding | 'sound' | 'pending' {
  const { leaf, row, key, month } = pair;
  const finding = (kind: FindingKind, facts: Record<string, string> = {}): Finding => ({
    ...{ stream: source.stream, table: source.table, key, month, kind, facts },
    ...{ seq: leaf?.seq ?? null, position: leaf?.position ?? 0 },
  });
  if (leaf === null) {
    if (row === null) return 'sound';
    if (head === undefined || (source.finalByXid && head.horizon === null)) return 'pending';
    if (source.finalByXid && (row.xid === null || row.xid < (head.horizon ?? 0n))) {
      return finding('row-added', { transaction: String(row.xid) });
    }
    return isLate(row.atUs, head.sealedUs) ? finding('row-back-dated') : 'pending';
  }
  if (row === null) return finding('row-missing', { expected: hex(leaf.hash) });
  const computed = row.canonical === null ? new Uint8Array() : rowHash(digest, row.canonical);
  if (!sameBytes(computed, leaf.hash))
    return finding('row-changed', { expected: hex(leaf.hash), found: hex(computed) });
  return isLate(row.atUs, leaf.sinceUs) ? finding('row-back-dated') : 'sound';
}

function isLate(atUs: bigint | null, sinceUs: bigint | null): boolean {
  return atUs !== null && sinceUs !== null && atUs < sinceUs - LATE_US;
}
