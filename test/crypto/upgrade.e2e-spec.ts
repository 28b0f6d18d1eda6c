import { describe, expect, it } from '@jest/globals';
import { Reconciliation } from '../../src/reporting/reconcile/index.js';
import { DemoAccounts } from '../../src/identity/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { migrateDatabase } from '../../src/data-source.js';
import { migrations } from '../../src/migrations/index.js';
import { idNo, PASSWORD, POOL } from '../enrollment/small-pool.js';
import { createTestApp } from '../support/app.js';
import { emptyDatabase } from '../support/database.js';

/** More than one batch of the migration. */
const PERSONS = 2_345;
const LAST_CLEAR = 'Reporting1700000000007';

const number = (n: number): string =>
  idNo(`331102${String(19_500_101 + Math.floor(n / 400))}${String((n % 400) * 2 + 1).padStart(3, '0')}`);
const phone = (n: number): string | null => (n % 3 === 0 ? null : `138${String(n).padStart(8, '0')}`);

describe('a database of version 0.1 (schema 0007) with people and accounts', () => {
  it('is sealed by the migration; everybody is found by number, nothing is left in the clear', async () => {
    const database = await emptyDatabase();
    try {
      const older = migrations.slice(0, migrations.findIndex(({ name }) => name === LAST_CLEAR) + 1);
      await migrateDatabase(database.url, { list: older });
      await database.query(`INSERT INTO area VALUES ('331100', '丽水市', 'pool', NULL, '331100'),
        ('331102', '莲都区', 'county', '331100', '331100.331102')`);
      const numbers = Array.from({ length: PERSONS }, (_, n) => number(n));
      await database.query(
        `INSERT INTO person (pool_area, id, id_no, name, sex, birth_date, area_code, phone, created_by)
         SELECT '331100', gen_random_uuid(), u.id_no, '示例人', '1', '1950-01-01', '331102', u.phone, 'test'
           FROM unnest($1::text[], $2::text[]) AS u (id_no, phone)`,
        [numbers, numbers.map((_, n) => phone(n))],
      );
      await database.query(
        `INSERT INTO institution (pool_area, id, code12, name, type, level, area_code, price_level, payee_name, payee_bank,
           payee_account, created_by)
         VALUES ('331100', gen_random_uuid(), 'H33110200001', '甲', 'hospital', 'tertiary', '331102', 'tertiary', '甲', '银行',
           '6222000011112222', 'test'),
           ('331100', gen_random_uuid(), 'H33110200002', '乙', 'hospital', 'primary', '331102', 'primary', NULL, NULL, NULL, 'test')`,
      );
      await migrateDatabase(database.url);
      const app = await createTestApp({ database });
      try {
        const accounts = { poolArea: POOL, password: PASSWORD };
        await app.get(Transactions).run((tx) => app.get(DemoAccounts).ensure(tx, accounts));
        const signed = await app
          .http()
          .post('/api/v1/auth/login')
          .send({ username: 'clerk', password: PASSWORD })
          .expect(200);
        const call = (path: string, body: object) =>
          app
            .http()
            .post(`/api/v1/${path}`)
            .set('authorization', `Bearer ${String(signed.body.accessToken)}`)
            .send(body)
            .expect(200);
        for (const n of [0, 1, 1_999, 2_000, 2_344]) {
          const { body } = await call('persons/search', { idNo: number(n) });
          expect(body.items).toHaveLength(1);
          const revealed = await call(`persons/${String(body.items[0].id)}/reveal`, { reason: '升级后核对' });
          expect(revealed.body).toMatchObject({ idNo: number(n), phone: phone(n) });
        }
        const [hospital] = await database.query<{ id: string }>(
          `SELECT id FROM institution WHERE code12 = 'H33110200001'`,
        );
        const account = await call(`institutions/${String(hospital?.id)}/reveal`, { reason: '升级后核对' });
        expect(account.body).toEqual({ id: hospital?.id, payeeAccount: '6222000011112222' });
        const findings = await app.get(Reconciliation).check(POOL);
        expect(findings.filter(({ count }) => count > 0)).toEqual([]);
      } finally {
        await app.close();
      }
      expect(await database.query('SELECT 1 FROM person_certificate')).toHaveLength(PERSONS);
      // The pages were written anew: no row that the migration left dead holds a number any more.
      const [pages] = await database.query<{ dead: number; clear: number }>(
        `SELECT (SELECT count(*)::int FROM pg_attribute WHERE attrelid = 'person'::regclass AND attname IN ('id_no')) AS dead,
           (SELECT count(*)::int FROM generate_series(0, pg_relation_size('person') / 8192 - 1) AS page(n)
             WHERE position(convert_to($1, 'UTF8') IN
               pg_read_binary_file(pg_relation_filepath('person'), page.n * 8192, 8192, true)) > 0) AS clear`,
        [number(1_234)],
      );
      expect(pages).toEqual({ dead: 0, clear: 0 });
    } finally {
      await database.drop();
    }
  }, 120_000);
});
