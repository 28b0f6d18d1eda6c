import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  fileSource,
  formatKeys,
  KeyRotation,
  makeKeys,
  ROTATION_JOB,
  SoftwareProvider,
} from '../../src/common/crypto/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { JobRunner } from '../../src/common/jobs/index.js';
import { systemActor } from '../../src/identity/index.js';
import { type Caller, idNo, POOL, type SmallPool, smallPool } from '../enrollment/small-pool.js';
import { createTestApp } from '../support/app.js';

const folder = mkdtempSync(join(tmpdir(), 'tongchou-keys-'));
const file = join(folder, 'field-keys.json');
let pool: SmallPool;
let clerk: Caller;

beforeAll(async () => {
  Object.assign(process.env, { FIELD_KEYS: '', FIELD_KEYS_FILE: file });
  pool = await smallPool();
  clerk = await pool.as('clerk');
}, 120_000);

afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

const START_LIMIT_MS = 120_000;
let made = 0;

async function register(phone = '13800001234'): Promise<{ id: string; number: string }> {
  made += 1;
  const number = idNo(`33110219800505${String(made * 2 + 1).padStart(3, '0')}`);
  const { body } = await clerk.post('persons', { idNo: number, name: '雷小明', areaCode: '331102', phone }).expect(201);
  return { id: String(body.id), number };
}

/** A second server on the same database; answers why it did not start, or 'started'. */
async function start(): Promise<string> {
  try {
    const other = await createTestApp({ database: pool.database });
    await other.close();
    return 'started';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the file of field keys', () => {
  it('is made at the first start, readable by its owner only', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ format: 'tongchou field keys 1' });
  });

  it(
    'is the same for every server of the database',
    async () => {
      const before = readFileSync(file, 'utf8');
      expect(await start()).toBe('started');
      expect(readFileSync(file, 'utf8')).toBe(before);
    },
    START_LIMIT_MS,
  );

  it(
    'is not made anew when it is missing and data need it: the server says so and does not start',
    async () => {
      renameSync(file, `${file}.away`);
      const reason = await start();
      expect(reason).toContain(`The field keys ${file} are missing`);
      expect(() => statSync(file)).toThrow('ENOENT');
      renameSync(`${file}.away`, file);
      expect(await start()).toBe('started');
    },
    START_LIMIT_MS,
  );

  it(
    'of another database is refused before anything is written',
    async () => {
      const own = readFileSync(file, 'utf8');
      const keysBefore = await pool.database.query('SELECT * FROM field_key ORDER BY id');
      writeFileSync(file, formatKeys(makeKeys(new SoftwareProvider())));
      expect(await start()).toMatch(/belongs to another database: its data key 1 \(person, version 1\)/);
      const lacking = JSON.parse(own) as { keys: unknown[] };
      writeFileSync(file, JSON.stringify({ ...lacking, keys: lacking.keys.slice(1) }));
      expect(await start()).toMatch(
        /lacks data key 1 \(person, version 1\), with which data of this database are encrypted/,
      );
      writeFileSync(file, '');
      expect(await start()).toMatch(/holds no usable field keys/);
      expect(await pool.database.query('SELECT * FROM field_key ORDER BY id')).toEqual(keysBefore);
      writeFileSync(file, own);
      expect(await start()).toBe('started');
    },
    START_LIMIT_MS,
  );
});

describe('a rotation', () => {
  const states = (): Promise<{ state: string; keys: number }[]> =>
    pool.database.query('SELECT state, count(*)::int AS keys FROM field_key GROUP BY 1 ORDER BY 1');
  const search = async (number: string): Promise<string[]> => {
    const { body } = await clerk.post('persons/search', { idNo: number }).expect(200);
    return (body.items as { id: string }[]).map((item) => item.id);
  };
  const faults = async (): Promise<{ checked: number; wrong: string[] }> => {
    const rotation = pool.get(KeyRotation);
    return pool.get(Transactions).run(async (tx) => {
      let checked = 0;
      const wrong: string[] = [];
      for (const span of await rotation.spans(tx, POOL)) {
        const part = await rotation.faults(tx, POOL, span);
        checked += part.checked;
        wrong.push(...part.wrong);
      }
      return { checked, wrong };
    });
  };

  it(
    'seals everything anew while the register serves; what was interrupted goes on',
    async () => {
      const before = [await register(), await register('13900005678'), await register()];
      const rotation = pool.get(KeyRotation);
      const keyCount = (await states())[0]?.keys ?? 0;
      await rotation.begin(fileSource(file));
      expect(await rotation.underWay()).toBe(true);
      expect(await states()).toEqual([
        { state: 'current', keys: keyCount },
        { state: 'old', keys: keyCount },
      ]);
      // Nothing is sealed anew yet: the old persons are found, are not registered twice, and new ones come under the new keys.
      for (const { id, number } of before) expect(await search(number)).toEqual([id]);
      const [first] = before;
      const twice = { idNo: first?.number, name: '别人', areaCode: '331121' };
      expect((await clerk.post('persons', twice).expect(409)).body.existingId).toBe(first?.id);
      const during = await register();
      // One part, then the worker dies; the run does the rest.
      await pool.get(Transactions).run(async (tx) => {
        const span = (await rotation.spans(tx, POOL)).find(({ name }) => name === 'person.phone');
        if (span === undefined) throw new Error('no telephones');
        expect(await rotation.renew(tx, POOL, span)).toBe(before.length);
      });
      expect(await start()).toBe('started');
      const request = { kind: ROTATION_JOB, area: POOL, period: '2026-11-22.1', actor: systemActor(POOL) };
      const run = await pool.get(JobRunner).run(request);
      expect(run.state).toBe('done');
      expect(await states()).toEqual([
        { state: 'current', keys: keyCount },
        { state: 'retired', keys: keyCount },
      ]);
      for (const { id, number } of [...before, during]) expect(await search(number)).toEqual([id]);
      const { body } = await clerk
        .post(`persons/${String(before[1]?.id)}/reveal`, { reason: '轮换后核对' })
        .expect(200);
      expect(body).toMatchObject({ idNo: before[1]?.number, phone: '13900005678' });
      expect(await faults()).toMatchObject({ wrong: [] });
      expect((await rotation.report()).filter(({ key, values }) => key.state === 'retired' && values > 0)).toEqual([]);
    },
    START_LIMIT_MS,
  );

  it(
    'leaves the check able to see what is wrong',
    async () => {
      const { id } = await register();
      const { checked } = await faults();
      expect(checked).toBeGreaterThan(10);
      await pool.database.query(
        `UPDATE person SET phone = set_byte(phone, 25, get_byte(phone, 25) # 1) WHERE id = $1`,
        [id],
      );
      expect((await faults()).wrong).toEqual([`person.phone ${id}`]);
    },
    START_LIMIT_MS,
  );
});
