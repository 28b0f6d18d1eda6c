import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anchoredFindings } from './anchor.js';
import {
  blockHash,
  type BlockHeader,
  canonicalRow,
  type Digest,
  GENESIS,
  hex,
  type Leaf,
  rootOf,
  rowHash,
} from './chain.js';
import { Findings } from './findings.js';
import { BlockWalk, type Head, judgeRow, type StoredBlock } from './verify.js';

const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest();
const SOURCE = { stream: 'audit', table: 'audit_event', finalByXid: true };
const COLUMNS = ['id', 'what', 'note'];

type Row = readonly (string | null)[];

/** A history in small: rows cut into blocks, each linked to the one before. */
function chain(rows: readonly Row[], size: number): StoredBlock[] {
  const blocks: StoredBlock[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const leaves = rows
      .slice(from, from + size)
      .map((row, index): Leaf => ({ key: `r${String(from + index)}`, hash: rowHash(sha256, canonicalRow(row)) }));
    const header: BlockHeader = {
      ...{ poolArea: '331100', stream: 'audit', seq: BigInt(blocks.length + 1), month: '2026-11-01', form: 1 },
      ...{ columns: COLUMNS, rowCount: leaves.length, xidFrom: 1n, xidTo: 9n, horizon: 10n, cluster: 7n },
      ...{ sinceUs: null, sealedUs: BigInt(from), previousHash: blocks.at(-1)?.hash ?? GENESIS },
    };
    blocks.push({ header, leaves, hash: blockHash(sha256, header, rootOf(sha256, leaves)) });
  }
  return blocks;
}

/** What the verifier finds: first in the chain, then row by row. */
function findingsOf(blocks: readonly StoredBlock[], rows: ReadonlyMap<string, Row>): Findings {
  const findings = new Findings(10);
  const walk = new BlockWalk('audit', sha256);
  const last = blocks.at(-1);
  const head: Head | undefined = last && { seq: last.header.seq, horizon: 10n, sealedUs: last.header.sealedUs };
  const known = new Set<string>();
  for (const block of blocks) {
    for (const finding of walk.next(block)) findings.add(finding);
    for (const [position, { key, hash }] of (block.leaves ?? []).entries()) {
      known.add(key);
      const row = rows.get(key);
      const verdict = judgeRow(
        sha256,
        SOURCE,
        {
          ...{ month: '2026-11-01', key, leaf: { seq: block.header.seq, position, hash, sinceUs: null } },
          row: row === undefined ? null : { canonical: canonicalRow(row), atUs: null, xid: 5n },
        },
        head,
      );
      if (typeof verdict === 'object') findings.add(verdict);
    }
  }
  for (const [key, row] of rows) {
    if (known.has(key)) continue;
    const pair = { month: '2026-11-01', key, leaf: null, row: { canonical: canonicalRow(row), atUs: null, xid: 5n } };
    const verdict = judgeRow(sha256, SOURCE, pair, head);
    if (typeof verdict === 'object') findings.add(verdict);
  }
  return findings;
}

const value = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('-', '', '1:a', ':', '2:-')), {
  nil: null,
});
const row = fc.tuple(value, value, value);
const history = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 30 }),
  size: fc.integer({ min: 1, max: 7 }),
});
const stored = (rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((one, index) => [`r${String(index)}`, one]));

describe('the canonical text of a row', () => {
  it('is the same for no two rows', () => {
    fc.assert(
      fc.property(row, row, (one, other) => {
        const same = one.every((part, index) => part === other[index]);
        expect(canonicalRow(one) === canonicalRow(other)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<[Row, string]>([
    [['a', null, ''], '1:a-0:'],
    [['统筹', '-', '1:a'], '6:统筹1:-3:1:a'],
  ])('%j is %s', (values, text) => {
    expect(canonicalRow(values)).toBe(text);
  });
});

describe('a random history', () => {
  it('that nobody touched is sound', () => {
    fc.assert(fc.property(history, ({ rows, size }) => findingsOf(chain(rows, size), stored(rows)).count === 0));
  });

  it('with any one value changed names that row first', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(2), value, ({ rows, size }, pick, column, changed) => {
        const index = pick % rows.length;
        const bent = rows.map((one, at) => (at === index ? one.with(column, changed) : one));
        fc.pre(rows[index]?.[column] !== changed);
        const [first] = findingsOf(chain(rows, size), stored(bent)).first();
        expect([first?.kind, first?.key]).toEqual(['row-changed', `r${String(index)}`]);
      }),
    );
  });

  it('with any one row deleted or added names it', () => {
    fc.assert(
      fc.property(history, fc.nat(), row, ({ rows, size }, pick, more) => {
        const index = pick % rows.length;
        const without = stored(rows);
        without.delete(`r${String(index)}`);
        expect(findingsOf(chain(rows, size), without).first()[0]).toMatchObject({
          kind: 'row-missing',
          key: `r${String(index)}`,
        });
        const added = stored(rows).set('more', more);
        expect(findingsOf(chain(rows, size), added).first()[0]).toMatchObject({ kind: 'row-added', key: 'more' });
      }),
    );
  });

  it('with any one block bent or taken out names a block', () => {
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(3), ({ rows, size }, pick, how) => {
        const blocks = chain(rows, size);
        const index = pick % blocks.length;
        const block = blocks[index];
        if (block === undefined) return;
        const { header } = block;
        const bends: (() => StoredBlock[])[] = [
          () => blocks.with(index, { ...block, header: { ...header, sealedUs: header.sealedUs + 1n } }),
          () => blocks.with(index, { ...block, hash: sha256(block.hash) }),
          () => blocks.with(index, { ...block, header: { ...header, columns: ['id'] } }),
          () => [...blocks.slice(0, index), ...blocks.slice(index + 1)],
        ];
        fc.pre(how < 3 || index < blocks.length - 1);
        const findings = findingsOf((bends[how] ?? bends[0])?.() ?? [], stored(rows));
        expect(findings.first().some(({ table }) => table === 'audit_chain')).toBe(true);
      }),
    );
  });

  it('made anew over a changed row is sound in itself and does not fit the anchor', () => {
    fc.assert(
      fc.property(history, fc.nat(), ({ rows, size }, pick) => {
        const index = pick % rows.length;
        const bent = rows.map((one, at) => (at === index ? one.with(0, `${one[0] ?? ''}!`) : one));
        const [before, after] = [chain(rows, size), chain(bent, size)];
        expect(findingsOf(after, stored(bent)).count).toBe(0);
        const last = before.at(-1);
        const heads = [{ stream: 'audit', seq: last?.header.seq ?? 0n, hash: hex(last?.hash ?? GENESIS), at: 'then' }];
        const present = (blocks: readonly StoredBlock[]) =>
          new Map(blocks.map(({ header, hash }) => [`audit:${String(header.seq)}`, hex(hash)]));
        expect(anchoredFindings(heads, present(before))).toEqual([]);
        expect(anchoredFindings(heads, present(after)).map(({ kind }) => kind)).toEqual(['chain-rebuilt']);
        expect(anchoredFindings(heads, present(before.slice(0, -1))).map(({ kind }) => kind)).toEqual(['tail-cut']);
      }),
    );
  });
});
