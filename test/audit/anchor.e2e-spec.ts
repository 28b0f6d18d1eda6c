import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Anchors, anchorSheet, AuditVerifier, ChainKeeper } from '../../src/audit/index.js';
import { auditVerifyCommand } from '../../src/cli/audit-verify.command.js';
import { Transactions } from '../../src/common/db/index.js';
import { Clock } from '../../src/common/time/index.js';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { disarm, named, openRecord, POOL, type RecordApp } from './record.js';

jest.setTimeout(120_000);

// What a chain inside the database cannot prove: that nothing was cut off its end, and that it was not made anew.

let record: RecordApp;
let folder: string;
let file: string;
/** The block that the newest anchor names in the stream of the audit trail. */
let tail: bigint;

const anchors = (): Anchors => record.get(Anchors);
const verifier = (): AuditVerifier => record.get(AuditVerifier);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anchors-'));
  record = await openRecord({
    env: { ANCHOR_DIR: join(folder, 'outside'), ANCHOR_KEY_FILE: join(folder, 'key.pem'), ANCHOR_MINUTES: '60' },
  });
  file = anchors().file(POOL);
  await record.events(4);
  await record.journal('2026-04-01');
  await record.chainAll();
  await anchors().make(POOL, 'test');
  await record.events(4);
  await record.chainAll();
  await anchors().make(POOL, 'test');
  const [row] = await record.database.query<{ seq: bigint }>(
    `SELECT max(seq) AS seq FROM audit_chain WHERE stream = 'audit'`,
  );
  tail = row?.seq ?? 0n;
}, 120_000);

afterAll(async () => {
  await record.close();
  await rm(folder, { recursive: true });
  for (const name of ['ANCHOR_DIR', 'ANCHOR_KEY_FILE', 'ANCHOR_MINUTES']) Reflect.deleteProperty(process.env, name);
});

// Everything that the tail left in the database goes with it, so that what remains is consistent in itself.
const cutTail = (): string => `
  DELETE FROM audit_event WHERE id::text = ANY (SELECT unnest(row_keys) FROM audit_chain WHERE stream = 'audit' AND seq = ${String(tail)});
  DELETE FROM audit_chain WHERE stream = 'audit' AND seq = ${String(tail)};
  DELETE FROM audit_anchor`;

describe('an anchor', () => {
  it('lies outside, one signed line each, the key readable by its owner only', async () => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const { anchors: read, findings } = anchors().read(lines.join('\n'), POOL);
    expect(findings).toEqual([]);
    expect(read.map(({ seq }) => seq)).toEqual(['1', '2']);
    expect((await stat(join(folder, 'key.pem'))).mode & 0o777).toBe(0o600);
    expect(anchorSheet(lines[1] ?? '')).toMatch(/第 \d+ 块 block \d+\n {2}([0-9a-f]{4} ){7}[0-9a-f]{4}\n/);
  });

  it('fits the record from which it was made', async () => {
    const own = await verifier().ownAnchors(POOL);
    expect(own.anchors).toHaveLength(6);
    expect((await verifier().verify(POOL, own)).findings).toEqual([]);
  });

  it('is made by the timer when the last one is old and something was chained since, and only then', async () => {
    expect(await anchors().makeDue(POOL)).toBeUndefined();
    await record.events(1);
    await record.chainAll();
    expect(await anchors().makeDue(POOL)).toBeUndefined();
    const clock = record.get(Clock);
    Object.assign(clock, { now: () => new Date(Date.now() + 61 * 60_000) });
    expect((await anchors().makeDue(POOL))?.seq).toBe(3n);
    Object.assign(clock, { now: () => new Date(Date.now() + 122 * 60_000) });
    expect(await anchors().makeDue(POOL)).toBeUndefined();
    Object.assign(clock, { now: () => new Date() });
  });
});

describe('with the anchor is found', () => {
  it('a tail that was cut off together with its blocks, which without it looks whole', async () => {
    const kept = (await readFile(file, 'utf8')).split('\n').slice(0, 2).join('\n');
    const own = { anchors: anchors().read(kept, POOL).heads };
    const later = `DELETE FROM audit_event WHERE id::text = ANY (SELECT unnest(row_keys) FROM audit_chain
      WHERE stream = 'audit' AND seq > ${String(tail)}); DELETE FROM audit_chain WHERE stream = 'audit' AND seq > ${String(tail)};`;
    expect((await record.verifyAfter(later + cutTail())).findings).toEqual([]);
    const report = await record.verifyAfter(later + cutTail(), own);
    expect(report.findings.map(named)).toEqual([`tail-cut audit audit_chain ${String(tail)} -`]);
  });

  it('an anchor that was written by somebody without the key', async () => {
    const text = await readFile(file, 'utf8');
    const bent = text.replace(/"hash":"(.)/, (_match, digit: string) => `"hash":"${digit === '0' ? '1' : '0'}`);
    expect(
      anchors()
        .read(bent, POOL)
        .findings.map(({ kind, position }) => [kind, position]),
    ).toEqual([['anchor-forged', 0]]);
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(anchors().read(text, POOL, [publicKey]).findings).toHaveLength(3);
  });

  it('an anchor that does not follow the one before', async () => {
    await record.get(Transactions).run(async (tx) => {
      await tx.query('SET LOCAL ROLE NONE');
      await disarm(tx);
      await tx.query(`UPDATE audit_anchor SET line = line || ' ' WHERE seq = 3`);
    });
    await anchors().make(POOL, 'test');
    const { findings } = anchors().read(await readFile(file, 'utf8'), POOL);
    expect(findings.map(({ kind, position }) => [kind, position])).toEqual([['anchor-forged', 3]]);
  });
});

// Last, because it stays: the chain is thrown away and made anew over a changed row, by the program itself.
describe('a chain that was made anew', () => {
  const said: string[] = [];

  beforeAll(async () => {
    // The file is kept as an auditor would have taken it along before the deed.
    await writeFile(join(folder, 'kept.ndjson'), (await readFile(file, 'utf8')).split('\n').slice(0, 2).join('\n'));
    await record.get(Transactions).run(async (tx) => {
      await tx.query('SET LOCAL ROLE NONE');
      await disarm(tx);
      await tx.query(`UPDATE audit_event SET actor_name = 'nobody' WHERE action = 'test.done'`);
      await tx.query('DELETE FROM audit_chain; DELETE FROM audit_anchor');
    });
    await rm(file);
    await record.chainAll();
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => said.push(String(chunk)) > 0);
  });

  afterAll(() => {
    jest.restoreAllMocks();
  });

  it('verifies by itself: consistent, and untrue', async () => {
    expect((await verifier().verify(POOL)).count).toBe(0);
  });

  it('is found by the anchor that somebody kept: exit 1, naming the block', async () => {
    said.length = 0;
    expect(await auditVerifyCommand.run(['--anchor', join(folder, 'kept.ndjson')])).toBe(1);
    const text = said.join('');
    expect(text).toMatch(/BROKEN {2}audit block \d+: audit_chain: .*the chain was made anew/);
    expect(text).toMatch(/\d+ rows, \d+ blocks in [\d.]+ s \(\d+ rows\/s\)/);
  });

  it('and by the reconciliation, where the anchors lie outside', async () => {
    const broken = async (): Promise<string[]> =>
      (await record.get(Reconciliation).check(POOL))
        .filter(({ count, invariant }) => count > 0 && invariant.code.startsWith('R5'))
        .map(({ invariant }) => invariant.code);
    expect(await broken()).toEqual([]);
    await writeFile(file, await readFile(join(folder, 'kept.ndjson')));
    expect(await broken()).toEqual(['R501']);
  });

  it('what was found stands in the audit trail', async () => {
    const rows = await record.database.query<{ action: string }>(
      `SELECT action FROM audit_event WHERE subject_kind = 'audit-chain' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ action: 'audit.found-broken' }]);
  });

  it('the timer goes on', async () => {
    await record.get(ChainKeeper).tick();
    expect((await verifier().verify(POOL)).count).toBe(0);
  });
});
