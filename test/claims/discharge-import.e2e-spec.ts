import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DischargeImports } from '../../src/claims/index.js';
import { parseMonth } from '../../src/common/time/index.js';
import { systemActor } from '../../src/identity/index.js';
import { type Caller, type ClaimsPool, type FileCaller, claimsPool, POOL } from './claims-pool.js';
import { conserved } from './conserved.js';

const SMALL = readFileSync(join(import.meta.dirname, 'files/discharges-small.csv'));
const REAL = resolve(import.meta.dirname, '../../../shared/data/inpatients/cases_1000.csv');
const realFile = existsSync(REAL) ? it : it.skip;

let pool: ClaimsPool;
let clerk: FileCaller;

beforeAll(async () => {
  pool = await claimsPool();
  clerk = await pool.as('clerk');
  if (!existsSync(REAL)) process.stdout.write('skipped: no ../shared/data\n');
}, 120_000);

afterAll(async () => {
  await conserved(pool);
  await pool.close();
});

const upload = (bytes: Buffer, over: Record<string, string> = {}): ReturnType<Caller['post']> => {
  const fields = { institutionId: pool.institutions.tertiary, month: '2026-10', ...over };
  let call = clerk.upload('discharge-imports');
  for (const [name, value] of Object.entries(fields)) call = call.field(name, value);
  return call.attach('file', bytes, 'discharges.csv');
};

async function finished(id: unknown): Promise<Record<string, unknown> & { schemes: Record<string, unknown>[] }> {
  for (let wait = 0; wait < 200; wait += 1) {
    const { body } = await clerk.get(`discharge-imports/${String(id)}`).expect(200);
    if (body.state === 'done') return body;
    await sleep(50);
  }
  throw new Error('the import did not end');
}

/** Σ per scheme in fen, straight from the file. */
function sumsOf(bytes: Buffer): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const row of bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .slice(1)) {
    const cells = row.split(',');
    const scheme = cells[7] === '职工' ? '310' : '390';
    const [yuan = '0', part = ''] = (cells[6] ?? '0').split('.');
    sums[scheme] = (sums[scheme] ?? 0n) + BigInt(yuan) * 100n + BigInt(part.padEnd(2, '0'));
  }
  return sums;
}

const settledSums = (provider: string, month: string): Promise<Record<string, unknown>[]> =>
  pool.database.query(
    `SELECT scheme, count(*)::int AS count, sum(total_fen)::bigint AS total, sum(inscp_fen)::bigint AS inscp FROM settlement
     WHERE provider_id = $1 AND settle_month = $2 AND source = 'import' GROUP BY scheme ORDER BY scheme`,
    [provider, `${month}-01`],
  );

describe('a file of discharges', () => {
  it('is imported row by row: good rows become settlements, every other row says column, reason and remedy', async () => {
    const { body } = await upload(SMALL).expect(202);
    expect(body).toMatchObject({ rows: 8, month: '2026-10' });
    const done = await finished(body.id);
    expect(done).toMatchObject({ imported: 5, errors: 3, pending: 0 });
    expect(done.schemes).toEqual([
      { scheme: '310', rows: 2, imported: 2, total: '4671.21', importedTotal: '4671.21' },
      { scheme: '390', rows: 3, imported: 3, total: '35692.99', importedTotal: '35692.99' },
    ]);
    expect(await settledSums(pool.institutions.tertiary, '2026-10')).toEqual([
      { scheme: '310', count: 2, total: 467_121n, inscp: 467_121n },
      { scheme: '390', count: 3, total: 3_569_299n, inscp: 3_569_299n },
    ]);
    const { body: rows } = await clerk.get(`discharge-imports/${String(body.id)}/rows?state=error`).expect(200);
    const found = rows.items.map((row: { rowNo: number; faults: { column: string; value: string }[] }) => [
      row.rowNo,
      row.faults.map((fault) => `${fault.column}=${fault.value}`),
    ]);
    expect(found).toEqual([
      [5, ['性别=3']],
      [6, ['年龄=abc', '住院天数=-1', '总费用=12.345', '医保类型=外地', '主要诊断编码=??']],
      [7, ['病例号=T0001']],
    ]);
    const csv = await clerk.get(`discharge-imports/${String(body.id)}/errors.csv`).expect(200);
    expect(csv.headers['content-disposition']).toMatch(/^attachment/);
    expect(csv.text.split('\n').filter((row: string) => row !== '')).toHaveLength(8);
    expect(csv.text).toContain("'-1");
    expect(csv.text).toContain('病例号与第 2 行重复');
  });

  it('again changes nothing', async () => {
    const before = await pool.footprint();
    const first = await clerk.get('discharge-imports').expect(200);
    const { body } = await upload(SMALL).expect(202);
    expect(body).toMatchObject({ id: first.body.items[0].id, state: 'done' });
    expect(await pool.footprint()).toEqual(before);
  });

  it('in another file with the same cases: the same settlements; another amount is a fault of its row', async () => {
    const before = await pool.footprint();
    const [heading, , , third] = SMALL.toString('utf8').split('\n');
    const changed = SMALL.toString('utf8').split('\n')[1]?.replace('27193.47', '27193.48');
    const { body } = await upload(Buffer.from([heading, third, changed].join('\n'))).expect(202);
    expect(await finished(body.id)).toMatchObject({ rows: 2, imported: 1, errors: 1 });
    expect(await pool.footprint()).toEqual(before);
    const { body: rows } = await clerk.get(`discharge-imports/${String(body.id)}/rows?state=error`).expect(200);
    expect(rows.items[0].faults[0]).toMatchObject({ column: '总费用', value: 'T0001' });
  });

  it('registers fictitious persons, marked as de-identified, with the sex and age of the case', async () => {
    const persons = await pool.database.query<Record<string, unknown>>(
      `SELECT p.id, p.name, p.sex, extract(year FROM age(v.admitted_on, p.birth_date))::int AS age, m.mark
       FROM person AS p JOIN visit AS v ON v.person_id = p.id JOIN person_mark AS m ON m.person_id = p.id
       ORDER BY p.name`,
    );
    const known = await Promise.all(
      persons.map(async ({ id, ...person }) => {
        const { body } = await clerk.post(`persons/${String(id)}/reveal`, { reason: '核对病例' }).expect(200);
        return { ...person, parity: Number(String(body.idNo)[16]) % 2 };
      }),
    );
    expect(known).toEqual([
      { name: '病例T0001', sex: '1', age: 69, mark: 'de-identified', parity: 1 },
      { name: '病例T0002', sex: '1', age: 6, mark: 'de-identified', parity: 1 },
      { name: '病例T0003', sex: '2', age: 45, mark: 'de-identified', parity: 0 },
      { name: '病例T0006', sex: '2', age: 0, mark: 'de-identified', parity: 0 },
      { name: '病例T0007', sex: '2', age: 67, mark: 'de-identified', parity: 0 },
    ]);
  });

  it.each<[string, Record<string, string>, Buffer, number, string]>([
    ['a month to come', { month: '2026-11' }, SMALL, 400, 'discharge-import.future-month'],
    ['no month', { month: 'soon' }, SMALL, 400, 'time.not-a-month'],
    ['an unknown institution', { institutionId: 'H00000000000' }, SMALL, 404, 'discharge-import.institution-not-found'],
    ['missing columns', {}, Buffer.from('病例号,性别\nX,1\n'), 400, 'exchange.headings-missing'],
    ['an empty file', {}, Buffer.from(' '), 400, 'exchange.empty-file'],
  ])('is refused for %s and leaves nothing', async (_, over, bytes, status, code) => {
    const imports = await pool.database.query('SELECT count(*) FROM discharge_import');
    const answer = await upload(bytes, over);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await pool.database.query('SELECT count(*) FROM discharge_import')).toEqual(imports);
  });

  it('is refused for a closed month', async () => {
    await pool.database.query(
      `INSERT INTO claims_month VALUES ($1, '310', '2026-08-01', 'closed', now(), 'test', pg_current_xact_id())`,
      [POOL],
    );
    const answer = await upload(SMALL, { month: '2026-08' }).expect(409);
    expect(answer.body.code).toBe('discharge-import.month-closed');
  });
});

describe('an import that is killed', () => {
  it('goes on where it stopped: nothing twice, nothing missing', async () => {
    const rows = Array.from(
      { length: 450 },
      (_, n) => `K${String(n)},1,50,1,5,1,${String(1000 + n)}.01,居民,K80.501,,,`,
    );
    const bytes = Buffer.from(`${SMALL.toString('utf8').split('\n')[0] ?? ''}\n${rows.join('\n')}\n`);
    const imports = pool.get(DischargeImports);
    const actor = systemActor(POOL);
    const file = { institution: pool.institutions.secondary, bytes, fileName: 'k.csv', month: parseMonth('2026-10') };
    const { id } = await imports.stage(actor, file);
    // The database refuses the last chunk, as if it had gone away in the middle.
    await pool.database.query(`
      CREATE FUNCTION test_stop() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.bill_no = 'K420' THEN RAISE EXCEPTION 'stopped'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER test_stop BEFORE INSERT ON visit FOR EACH ROW EXECUTE FUNCTION test_stop()`);
    await expect(imports.execute(actor, id)).rejects.toThrow('stopped');
    expect((await settledSums(pool.institutions.secondary, '2026-10'))[0]).toMatchObject({ count: 400 });
    await pool.database.query('DROP TRIGGER test_stop ON visit');
    // Half a minute later: the dead worker's lease is over.
    await pool.database.query(
      `UPDATE job_run SET lease_until = clock_timestamp() - interval '1 second' WHERE state = 'running'`,
    );
    expect(await imports.execute(actor, id)).toMatchObject({ state: 'done', imported: 450, errors: 0 });
    expect(await imports.execute(actor, id)).toMatchObject({ state: 'done', imported: 450, errors: 0 });
    expect(await settledSums(pool.institutions.secondary, '2026-10')).toEqual([
      { scheme: '390', count: 450, total: sumsOf(bytes)['390'], inscp: sumsOf(bytes)['390'] },
    ]);
  }, 60_000);
});

describe('1 000 real discharges', () => {
  realFile(
    'all become settlements; the totals equal those of the file to the fen, per scheme',
    async () => {
      const bytes = readFileSync(REAL);
      const { body } = await upload(bytes, { month: '2026-09' }).expect(202);
      const done = await finished(body.id);
      expect(done).toMatchObject({ rows: 1000, imported: 1000, errors: 0 });
      const file = sumsOf(bytes);
      expect(await settledSums(pool.institutions.tertiary, '2026-09')).toEqual(
        ['310', '390'].map((scheme) => ({
          ...{ scheme, total: file[scheme], inscp: file[scheme] },
          count: (done.schemes.find((sum) => sum['scheme'] === scheme) ?? {})['imported'],
        })),
      );
    },
    60_000,
  );
});
