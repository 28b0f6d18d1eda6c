import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type request from 'supertest';
import { FieldCrypto } from '../../src/common/crypto/index.js';
import { encryptedFields } from '../../src/common/crypto/encrypted-fields.js';
import { parseYuan } from '../../src/common/money/index.js';
import {
  approvedMonth,
  type Bureau,
  budgetInForce,
  closeMonth,
  line,
  type PaymentPool,
  paymentPool,
  recordHistory,
  settled,
} from '../payment/payment-pool.js';
import { PASSWORD } from '../claims/claims-pool.js';
import { idNo } from '../enrollment/small-pool.js';

const LONG_MS = 120_000;
/** As policy/personal-data.yaml has them. */
const REVEALS_AN_HOUR = 30;
const LOOK_UPS_A_MINUTE = 120;
let pool: PaymentPool;
let bureau: Bureau;
let order = 0;

beforeAll(async () => {
  pool = await paymentPool();
  bureau = await pool.on('2025-01-12');
}, LONG_MS);

afterAll(() => pool.close());

function number(): string {
  order += 1;
  return idNo(`33112119900307${String(order * 2 + 1).padStart(3, '0')}`);
}

async function register(idNumber = number(), phone = '13911112222'): Promise<string> {
  const person = { idNo: idNumber, name: '蓝小满', areaCode: '331102', phone };
  const { body } = await bureau.clerk.post('persons', person).expect(201);
  return String(body.id);
}

/** A busy bureau: people, bills, a month closed and paid, papers, reveals, searches, refusals. */
async function busyBureau(): Promise<void> {
  const { tertiary, secondary } = pool.institutions;
  await recordHistory(pool, '310', 2024, { [tertiary]: parseYuan('300000.00'), [secondary]: parseYuan('1000.00') });
  const stay = { admittedOn: '2025-01-02', dischargedOn: '2025-01-10', lines: [line(1, 'XA001', '400', '10.00')] };
  await settled(pool, bureau.provider, '310', stay);
  await settled(pool, bureau.clerk, '310', { ...stay, providerId: secondary });
  const known = number();
  const id = await register(known);
  await bureau.clerk.post('persons', { idNo: known, name: '蓝小满', areaCode: '331102' }).expect(409);
  await bureau.clerk.post('persons', { idNo: known, name: '', areaCode: '331102' }).expect(400);
  await bureau.clerk.post('persons/search', { idNo: known }).expect(200);
  await bureau.clerk.post(`persons/${id}/reveal`, { reason: '寄送医保凭证' }).expect(200);
  const signed = await pool
    .http()
    .post('/api/v1/auth/login')
    .send({ username: 'clerk', password: PASSWORD })
    .expect(200);
  const changed = pool.http().patch(`/api/v1/persons/${id}`).send({ phone: '13711119999' });
  await changed.set('authorization', `Bearer ${String(signed.body.accessToken)}`).expect(204);
  const hospital = {
    ...{ code12: 'H33110200099', name: '示范新院', type: 'hospital', level: 'primary', speciality: 'general' },
    ...{ ownership: 'public', areaCode: '331102', priceLevel: 'primary', beds: 10 },
    ...{ payeeName: '示范新院', payeeBank: '示例银行', payeeAccount: '6222888877776666' },
  };
  const { body } = await bureau.clerk.post('institutions', hospital).expect(201);
  await bureau.clerk.post(`institutions/${String(body.id)}/reveal`, { reason: '核对收款账户' }).expect(200);
  bureau = await pool.on('2025-02-05');
  await budgetInForce(bureau, '310', 2025);
  await closeMonth(bureau, await approvedMonth(bureau, '310', '2025-01'));
  const { body: orders } = await bureau.clerk.get('payment-orders?scheme=310').expect(200);
  for (const { id: orderId } of orders.items as { id: string }[]) {
    await bureau.reviewer.post(`payment-orders/${orderId}/review`, {}).expect(200);
    await bureau.approver.post(`payment-orders/${orderId}/approve`, {}).expect(200);
    await bureau.approver.post(`payment-orders/${orderId}/sign-off`, {}, randomUUID()).expect(200);
    await bureau.clerk.post(`payment-orders/${orderId}/reveal`, { reason: '与银行核对' }).expect(200);
    await bureau.clerk.get(`payment-orders/${orderId}/voucher.pdf`).expect(200);
  }
  const bankFile = await bureau.clerk.get('payment-orders/bank-file.csv?scheme=310&period=2025-01').expect(200);
  expect(bankFile.text).toContain('6200000000000001');
}

/** Everything that is sealed anywhere, opened: what must stand nowhere in the clear. */
async function everySecret(): Promise<Set<string>> {
  const secrets = new Set<string>();
  for (const field of encryptedFields()) {
    const rows = await pool.database.query<{ row: string[]; sealed: Buffer }>(
      `SELECT ARRAY[${field.row.map((column) => `${column}::text`).join(', ')}] AS row, ${field.column} AS sealed
         FROM ${field.table} WHERE ${field.column} IS NOT NULL`,
    );
    for (const text of await pool.get(FieldCrypto).openMany(field, rows)) secrets.add(text);
  }
  return secrets;
}

/** The text of every row of every table that holds one of the texts, in the clear or as the hex of its bytes. */
async function leaks(secrets: ReadonlySet<string>): Promise<string[]> {
  const tables = await pool.database.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm') ORDER BY 1`,
  );
  expect(tables.length).toBeGreaterThan(60);
  const wanted = [...secrets].flatMap((text) => [text, Buffer.from(text, 'utf8').toString('hex')]);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await pool.database.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
    for (const { row } of rows) {
      for (const text of wanted) if (row.includes(text)) found.push(`${name}: ${text}`);
    }
  }
  return found;
}

describe('the database', () => {
  it(
    'holds no number, telephone or account in the clear, after a month of everything',
    async () => {
      await busyBureau();
      const secrets = await everySecret();
      for (const known of ['13711119999', '6222888877776666', '6200000000000001', '331121********']) {
        expect([...secrets].some((secret) => secret.startsWith(known))).toBe(true);
      }
      expect([...secrets].filter((secret) => /^\d{17}[\dX]$/.test(secret)).length).toBeGreaterThan(2);
      expect(await leaks(secrets)).toEqual([]);
      // The search is worth something only if it finds one that is there.
      const [secret] = [...secrets].filter((text) => /^\d{17}[\dX]$/.test(text));
      await pool.database.query(`UPDATE area SET name = name || $1 WHERE code = '331102'`, [secret]);
      expect(await leaks(secrets)).toEqual([`area: ${String(secret)}`]);
      await pool.database.query(`UPDATE area SET name = replace(name, $1, '') WHERE code = '331102'`, [secret]);
    },
    LONG_MS,
  );
});

describe('a number', () => {
  it(
    'belongs to one person, of 100 registrations at once',
    async () => {
      const same = number();
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          bureau.clerk
            .post('persons', { idNo: same, name: `并发${String(at)}`, areaCode: '331102' })
            .then(({ status, body }) => ({ status, id: String(body.id ?? body.existingId) })),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(99);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    },
    LONG_MS,
  );

  it('is found as it is typed: full-width digits, a small x, blanks', async () => {
    const plain = idNo('33112119900307802');
    const id = await register(plain);
    const wide = Array.from(plain, (digit) =>
      digit === 'X' ? 'ｘ' : String.fromCodePoint(0xfee0 + digit.charCodeAt(0)),
    ).join('');
    for (const typed of [plain, plain.toLowerCase(), wide, ` ${plain.slice(0, 6)} ${plain.slice(6)}`]) {
      const { body } = await bureau.clerk.post('persons/search', { idNo: typed }).expect(200);
      expect(body.items).toEqual([expect.objectContaining({ id })]);
    }
  });

  it('is looked for by an index scan', async () => {
    await pool.database.query(
      `INSERT INTO person_certificate (pool_area, blind_index, id, person_id, kind, number, created_by)
       SELECT '999999', substring(sha256(n::text::bytea) FROM 1 FOR 18), gen_random_uuid(), gen_random_uuid(), '01', '\\x00', 'test'
         FROM generate_series(1, 20000) AS n`,
    );
    await pool.database.query('ANALYZE person_certificate');
    const plan = await pool.database.query<Record<string, string>>(
      `EXPLAIN SELECT blind_index, person_id FROM person_certificate
        WHERE pool_area = '331100' AND blind_index = ANY (ARRAY['\\x0004aabbccddeeff00112233445566778899'::bytea])`,
    );
    const text = plan.map((row) => Object.values(row)[0]).join('\n');
    expect(text).toContain('person_certificate_pk');
    expect(text).not.toContain('Seq Scan');
    await pool.database.query(`DELETE FROM person_certificate WHERE pool_area = '999999'`);
  });
});

describe('what somebody did to the rows behind our back', () => {
  const reveal = async (id: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const { status, body } = await bureau.clerk.post(`persons/${id}/reveal`, { reason: '复核证件' });
    return { status, body: body as Record<string, unknown> };
  };

  it.each<[string, string]>([
    [
      'a telephone copied from another person',
      'UPDATE person p SET phone = o.phone FROM person o WHERE p.id = $1::uuid AND o.id = $2::uuid',
    ],
    [
      'a telephone with one bit changed',
      'UPDATE person SET phone = set_byte(phone, 30, get_byte(phone, 30) # 1) WHERE id = $1::uuid AND id <> $2::uuid',
    ],
    [
      'a number copied from another person',
      `UPDATE person_certificate c SET number = o.number FROM person_certificate o
        WHERE c.person_id = $1::uuid AND o.person_id = $2::uuid`,
    ],
    [
      'a certificate given to another person',
      `WITH gone AS (DELETE FROM person_certificate WHERE person_id = $1::uuid)
       UPDATE person_certificate SET person_id = $1::uuid WHERE person_id = $2::uuid`,
    ],
    [
      'a blind index that is not that of the number',
      `UPDATE person_certificate SET blind_index = set_byte(blind_index, 9, get_byte(blind_index, 9) # 1)
        WHERE person_id = $1::uuid AND person_id <> $2::uuid`,
    ],
  ])('%s is refused, tells nothing and raises the alarm', async (_, sql) => {
    const [id, other] = [await register(), await register(number(), '13900001111')];
    expect((await reveal(id)).status).toBe(200);
    await pool.database.query(sql, [id, other]);
    const { status, body } = await reveal(id);
    expect([status, body['code']]).toEqual([500, 'crypto.tampered']);
    expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'instance', 'status', 'title', 'traceId', 'type']);
    const { text } = await pool.http().get('/api/metrics').expect(200);
    expect(text).toMatch(/tongchou_crypto_refused_total\{field="person[_.]/);
  });
});

describe('looking at people', () => {
  const refusals = (action: string): Promise<{ actor: string; details: object }[]> =>
    pool.database.query('SELECT actor_name AS actor, details FROM audit_event WHERE action = $1', [action]);

  it('in full is counted: beyond the limit of an hour the door is closed, for this user only', async () => {
    const id = await register();
    const ask = (): Promise<request.Response> => bureau.inspector.post(`persons/${id}/reveal`, { reason: '稽核取证' });
    for (let count = 0; count < REVEALS_AN_HOUR; count += 1) {
      const { status, headers } = await ask();
      expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    }
    const refused = await ask();
    expect([refused.status, refused.body.code]).toEqual([429, 'http.too-many-requests']);
    expect(refused.headers['retry-after']).toBe('3600');
    expect(await refusals('identity.personal-data.reveal-limit')).toEqual([
      { actor: 'inspector', details: { limit: REVEALS_AN_HOUR } },
    ]);
    const { text } = await pool.http().get('/api/metrics').expect(200);
    expect(text).toContain('tongchou_personal_data_refused_total{kind="reveal"} 1');
    await bureau.clerk.post(`persons/${id}/reveal`, { reason: '寄送医保凭证' }).expect(200);
    const looks = await pool.database.query(
      `SELECT FROM audit_event WHERE action = 'enrollment.person.revealed' AND subject_id = $1`,
      [id],
    );
    expect(looks).toHaveLength(REVEALS_AN_HOUR + 1);
  });

  it('one after the other is counted too, whether they exist or not: nobody harvests the register', async () => {
    // As if 109 units of this minute and of the next were taken already, so that the turn of a minute changes nothing.
    await pool.database.query(
      `INSERT INTO use_quota (pool_area, actor_id, kind, window_start, used)
       SELECT u.pool_area, u.id, 'personal-data.look-up', w.start, $1 FROM app_user u,
         (SELECT date_bin('1 minute', clock_timestamp(), '2000-01-01') + n * interval '1 minute' AS start
            FROM generate_series(0, 1) AS n) w WHERE u.username = 'reviewer'`,
      [LOOK_UPS_A_MINUTE - 11],
    );
    await bureau.reviewer.get('persons?limit=200').expect(200);
    await bureau.reviewer.get(`persons/${randomUUID()}`).expect(404);
    expect((await bureau.reviewer.get(`persons/${randomUUID()}`)).status).toBe(429);
    expect((await bureau.reviewer.post('persons/search', { name: '蓝' })).status).toBe(429);
    const told = await refusals('identity.personal-data.look-up-limit');
    expect(told).toEqual([{ actor: 'reviewer', details: { limit: LOOK_UPS_A_MINUTE } }, expect.anything()]);
    await bureau.clerk.get('persons?limit=1').expect(200);
  });

  it('in full needs a reason of four characters that are no blanks', async () => {
    const id = await register();
    for (const reason of [undefined, '', '查', '   查   ', '\u3000\u3000\u3000\u3000']) {
      const { status } = await bureau.clerk.post(`persons/${id}/reveal`, { reason });
      expect(status).toBe(400);
    }
  });

  it('shows the year of birth only, beside a masked number', async () => {
    const id = await register();
    const { body } = await bureau.clerk.get(`persons/${id}`).expect(200);
    expect(body).toMatchObject({ birthDate: '1990-**-**', phone: '139****2222' });
    expect(body.idNo).toMatch(/^331121\*{8}\d{3}[\dX]$/);
  });
});
