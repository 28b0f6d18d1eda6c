import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { type Area, Areas, Catalogue } from '../../src/catalogue/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { uuid7 } from '../../src/common/ids/index.js';
import { Clock, parseLocalDate } from '../../src/common/time/index.js';
import { Roster } from '../../src/enrollment/index.js';
import { DemoAccounts } from '../../src/identity/index.js';
import { ProviderRegisters } from '../../src/providers/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

export const POOL = '331100';
/** A Tuesday inside the 2026 policies; the application's clock stands here. */
export const TODAY = '2026-10-20';
export const PASSWORD = 'correct horse battery staple';

const AREAS: readonly Area[] = [
  { code: POOL, name: '丽水市', level: 'pool', parentCode: null, path: POOL },
  { code: '331102', name: '莲都区', level: 'county', parentCode: POOL, path: `${POOL}.331102` },
  { code: '331121', name: '青田县', level: 'county', parentCode: POOL, path: `${POOL}.331121` },
];

/** Institutions of the fixture: a tertiary and a secondary hospital, a suspended one, one without agreement. */
export interface Institutions {
  readonly tertiary: string;
  readonly secondary: string;
  readonly suspended: string;
  readonly withoutAgreement: string;
}

export interface PersonWish {
  readonly scheme?: '310' | '390';
  readonly coveredFrom?: string;
  readonly coveredTo?: string | null;
  readonly area?: string;
  readonly marks?: readonly string[];
  /** Balance of the personal account in fen. */
  readonly account?: bigint;
}

export interface Caller {
  get(path: string): request.Test;
  post(path: string, body?: object, key?: string): request.Test;
}

export interface FileCaller extends Caller {
  /** A POST to which fields and files are attached. */
  upload(path: string): request.Test;
}

export interface ClaimsPool extends TestApp {
  readonly institutions: Institutions;
  readonly physician: string;
  as(username: string): Promise<FileCaller>;
  person(wish?: PersonWish): Promise<string>;
  /** Puts the application's clock to noon (Shanghai) of a day. */
  setToday(day: string): void;
  /** Rows of all tables that a settlement writes, to prove that nothing was written. */
  footprint(): Promise<Record<string, bigint>>;
}

const WRITTEN = [
  'visit',
  'settlement',
  'claim_line',
  'ledger_journal',
  'ledger_line',
  'outbox_event',
  'idempotency_key',
];

/** An application on a pool of two counties with four institutions, a small catalogue and the demo accounts. */
export async function claimsPool(): Promise<ClaimsPool> {
  const app = await createTestApp({ env: { ACTOR_CACHE_MS: '1000', SCHEDULES: 'off', LOG_LEVEL: 'silent' } });
  const setToday = (day: string): void => {
    Object.assign(app.get(Clock), { now: () => new Date(`${day}T04:00:00.000Z`) });
  };
  setToday(TODAY);
  const institutions: Institutions = {
    tertiary: randomUUID(),
    secondary: randomUUID(),
    suspended: randomUUID(),
    withoutAgreement: randomUUID(),
  };
  const physician = randomUUID();
  await app.get(Transactions).run(async (tx) => {
    await app.get(Areas).add(tx, AREAS);
    await app
      .get(ProviderRegisters)
      .insertMany(tx, POOL, register(institutions, physician), { maker: 'a', signer: 'b' });
    await app.get(DemoAccounts).ensure(tx, { poolArea: POOL, password: PASSWORD, providerId: institutions.tertiary });
  });
  await app.database.query(CATALOGUE);
  for (const month of ['2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01', '2026-12-01']) {
    await app.database.query('SELECT ensure_month_partitions($1::date)', [month]);
  }
  await app.get(Catalogue).refresh();
  return {
    ...app,
    institutions,
    physician,
    setToday,
    as: (username) => signIn(app, username),
    person: (wish) => addPerson(app, wish ?? {}),
    footprint: async () => {
      const counts = WRITTEN.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
      const [row] = await app.database.query<Record<string, bigint>>(`SELECT ${counts.join(', ')}`);
      return row ?? {};
    },
  };
}

const CATALOGUE = `
  INSERT INTO catalogue_item (code, kind, name, unit, class, selfpay_rate, reference_price_fen, valid) VALUES
    ('XA001', 'drug', '甲类药', '盒', 'A', 0, 1000, '[2020-01-01,)'),
    ('XB001', 'drug', '乙类药', '盒', 'B', 0.05, 2000, '[2020-01-01,)'),
    ('XC001', 'drug', '丙类药', '盒', 'C', 1, 3000, '[2020-01-01,)'),
    ('SA001', 'service', '住院床位', '日', 'A', 0, 5000, '[2020-01-01,)'),
    ('XOLD1', 'drug', '停用药', '盒', 'A', 0, 1000, '[2020-01-01,2021-01-01)');
  INSERT INTO catalogue_ceiling VALUES ('SA001', 'tertiary', 6000), ('SA001', 'secondary', 4000)`;

function register(ids: Institutions, physician: string): Parameters<ProviderRegisters['insertMany']>[2] {
  const institution = (
    id: string,
    code12: string,
    name: string,
    level: 'tertiary' | 'secondary',
    areaCode: string,
  ) => ({
    ...{ id, code12, name, level, areaCode, type: 'hospital' as const, speciality: 'general', ownership: 'public' },
    ...{ priceLevel: level, beds: 100, payeeName: name, payeeBank: '示例银行', payeeAccount: '6200000000000001' },
  });
  const agreement = (institutionId: string, agreementNo: string) => ({
    ...{ id: randomUUID(), institutionId, agreementNo, depositRate: '0.05' },
    from: parseLocalDate('2025-01-01'),
    to: parseLocalDate('2028-01-01'),
    signedOn: parseLocalDate('2024-12-20'),
    paymentMethod: { inpatient: 'global-budget' },
  });
  const suspended = agreement(ids.suspended, 'X-3');
  const departmentId = randomUUID();
  return {
    institutions: [
      institution(ids.tertiary, 'H33110200001', '示范市中心医院', 'tertiary', '331102'),
      institution(ids.secondary, 'H33112100001', '示范县人民医院', 'secondary', '331121'),
      institution(ids.suspended, 'H33110200003', '示范中止医院', 'secondary', '331102'),
      institution(ids.withoutAgreement, 'H33110200004', '示范无协议医院', 'secondary', '331102'),
    ],
    departments: [{ id: departmentId, institutionId: ids.tertiary, code: '0300', name: '内科' }],
    physicians: [
      {
        ...{ id: physician, name: '示例医师', licenceNo: 'D331100000001', title: '主任医师', departmentId },
        ...{ institutionId: ids.tertiary, privilegeId: randomUUID(), from: parseLocalDate('2025-01-01') },
      },
    ],
    agreements: [agreement(ids.tertiary, 'X-1'), agreement(ids.secondary, 'X-2'), suspended],
    suspensions: [
      {
        ...{ id: randomUUID(), agreementId: suspended.id, institutionId: ids.suspended, reason: '违规整改' },
        from: parseLocalDate('2026-10-01'),
        to: parseLocalDate('2027-01-01'),
      },
    ],
  };
}

let persons = 0;

async function addPerson(app: TestApp, wish: PersonWish): Promise<string> {
  persons += 1;
  const number = idNo(`331102197001${String(persons + 10_000)}`);
  const id = uuid7();
  const scheme = wish.scheme ?? '390';
  const from = parseLocalDate(wish.coveredFrom ?? '2025-01-01');
  const to = wish.coveredTo === undefined || wish.coveredTo === null ? null : parseLocalDate(wish.coveredTo);
  await app.get(Transactions).run((tx) =>
    app.get(Roster).insertMany(
      tx,
      POOL,
      [
        {
          ...{ id, idNo: number, name: '示例人', sex: '1' },
          ...{ birthDate: parseLocalDate('1970-01-01'), areaCode: wish.area ?? '331102', phone: null },
          coverages: [{ id: uuid7(), scheme, insuredType: scheme === '310' ? 'employed' : 'adult', from, to }],
          marks: (wish.marks ?? []).map((mark) => ({ mark, from, to: null })),
        },
      ],
      'test',
    ),
  );
  if (wish.account !== undefined) {
    await app.database.query('INSERT INTO personal_account (pool_area, person_id, balance_fen) VALUES ($1, $2, $3)', [
      POOL,
      id,
      wish.account,
    ]);
  }
  return id;
}

async function signIn(app: TestApp, username: string): Promise<FileCaller> {
  const answer = await app.http().post('/api/v1/auth/login').send({ username, password: PASSWORD }).expect(200);
  const bearer = `Bearer ${String(answer.body.accessToken)}`;
  return {
    get: (path) => app.http().get(`/api/v1/${path}`).set('authorization', bearer),
    upload: (path) => app.http().post(`/api/v1/${path}`).set('authorization', bearer),
    post: (path, body, key) => {
      const call = app.http().post(`/api/v1/${path}`).set('authorization', bearer);
      return (key === undefined ? call : call.set('idempotency-key', key)).send(body);
    },
  };
}

/** 17 digits → a number with a valid check digit. */
function idNo(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

let bills = 0;

/** A bill of the tertiary hospital's user, two lines by default; every call has a number of its own. */
export function billOf(personId: string, over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  bills += 1;
  return {
    billNo: `B${String(bills).padStart(6, '0')}`,
    personId,
    category: 'inpatient',
    admittedOn: '2026-10-11',
    dischargedOn: '2026-10-18',
    referral: 'referred',
    lines: [line(1, 'XA001', '10', '100.00'), line(2, 'SA001', '7', '80.00')],
    ...over,
  };
}

/** A line whose amount is quantity × price for whole numbers of fen. */
export function line(lineNo: number, itemCode: string, quantity: string, unitPrice: string): Record<string, unknown> {
  const cents = Math.round(Number(quantity) * Number(unitPrice) * 100);
  return { lineNo, itemCode, quantity, unitPrice, amount: (cents / 100).toFixed(2) };
}
