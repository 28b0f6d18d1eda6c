/**
 * A small region made by the program's own services: hospitals, persons, accounts, catalogue; for payment also budgets and
 * bills of a whole year. Every person is fictitious.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { makeDatabase, onServer } from './databases.mjs';

export const POOL = '331100';
export const PASSWORD = 'correct horse battery staple 7';
const BATCH = 500;

const fromBuild = (path) => import(join(ROOT, 'dist', path));

/** Today's business day and months around it, as the servers see them. */
export async function calendar() {
  const time = await fromBuild('common/time/index.js');
  const today = time.businessDate(new Date());
  return { ...time, today, month: time.monthOf(today), year: time.yearOf(today) };
}

/**
 * @param {string} serverUrl
 * @param {{persons: number, hospitals?: number, fill?: (context: object, world: object) => Promise<void>}} size
 * @returns {Promise<{url: string, dataDir: string, persons: string[], institutions: {tertiary: string, secondary: string,
 *   others: string[]}, drop: () => Promise<void>, query: (sql: string, params?: unknown[]) => Promise<object[]>}>}
 */
export async function makeWorld(serverUrl, { persons, hospitals = 0, fill }) {
  const database = await makeDatabase(serverUrl);
  const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-faults-'));
  const world = {
    url: database.url,
    dataDir,
    persons: [],
    institutions: { tertiary: '', secondary: '', others: [] },
    query: (sql, params = []) => onServer(database.url, async (client) => (await client.query(sql, params)).rows),
    drop: async () => {
      rmSync(dataDir, { recursive: true, force: true });
      await database.drop();
    },
  };
  await inApplication(world, async (app) => {
    await makeRegister(app, world, hospitals);
    world.persons = await makePersons(app, persons, '390');
    await fill?.(app, world);
  });
  return world;
}

/** Runs work with the services of the normal build on the database of a world. */
export async function inApplication(world, work) {
  const env = { DATABASE_URL: world.url, DATA_DIR: world.dataDir, SCHEDULES: 'off', LOG_LEVEL: 'silent' };
  Object.assign(process.env, env, { SECOND_FACTOR: 'optional', NODE_ENV: 'test' });
  const { AppModule } = await fromBuild('app.module.js');
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

async function makeRegister(app, world, hospitals) {
  const { Areas } = await fromBuild('catalogue/index.js');
  const { Transactions } = await fromBuild('common/db/index.js');
  const { uuid7 } = await fromBuild('common/ids/index.js');
  const { DemoAccounts } = await fromBuild('identity/index.js');
  const { ProviderRegisters } = await fromBuild('providers/index.js');
  const { institutions } = world;
  Object.assign(institutions, { tertiary: uuid7(), secondary: uuid7() });
  institutions.others = Array.from({ length: hospitals }, uuid7);
  await app.get(Transactions).run(async (tx) => {
    await app.get(Areas).add(tx, [
      { code: POOL, name: '丽水市', level: 'pool', parentCode: null, path: POOL },
      { code: '331102', name: '莲都区', level: 'county', parentCode: POOL, path: `${POOL}.331102` },
      { code: '331121', name: '青田县', level: 'county', parentCode: POOL, path: `${POOL}.331121` },
    ]);
    await app.get(ProviderRegisters).insertMany(tx, POOL, registerOf(institutions, uuid7), { maker: 'a', signer: 'b' });
    await app.get(DemoAccounts).ensure(tx, { poolArea: POOL, password: PASSWORD, providerId: institutions.tertiary });
  });
  await world.query(CATALOGUE);
  const { addMonths, month, year } = await calendar();
  for (let at = `${String(year - 1)}-01`; at <= addMonths(month, 2); at = addMonths(at, 1)) {
    await world.query('SELECT ensure_month_partitions($1::date)', [`${at}-01`]);
  }
}

const CATALOGUE = `
  INSERT INTO catalogue_item (code, kind, name, unit, class, selfpay_rate, reference_price_fen, valid) VALUES
    ('XA001', 'drug', '甲类药', '盒', 'A', 0, 1000, '[2020-01-01,)'),
    ('XB001', 'drug', '乙类药', '盒', 'B', 0.05, 2000, '[2020-01-01,)'),
    ('XC001', 'drug', '丙类药', '盒', 'C', 1, 3000, '[2020-01-01,)'),
    ('SA001', 'service', '住院床位', '日', 'A', 0, 5000, '[2020-01-01,)')`;

function registerOf({ tertiary, secondary, others }, uuid7) {
  const all = [
    [tertiary, 'tertiary', '示范市中心医院', '331102'],
    [secondary, 'secondary', '示范县人民医院', '331121'],
    ...others.map((id, index) => [id, 'primary', `示范卫生院${index + 1}`, '331121']),
  ];
  return {
    institutions: all.map(([id, level, name, areaCode], index) => ({
      ...{ id, code12: `H${areaCode}${String(index + 10_000)}`, name, level, areaCode, type: 'hospital' },
      ...{ speciality: 'general', ownership: 'public', priceLevel: level, beds: 100 },
      ...{ payeeName: name, payeeBank: '示例银行', payeeAccount: `62000000000${String(index + 10_000)}` },
    })),
    departments: [],
    physicians: [],
    agreements: all.map(([institutionId], index) => ({
      ...{ id: uuid7(), institutionId, agreementNo: `X-${index + 1}`, depositRate: '0.05' },
      ...{
        from: '2023-01-01',
        to: '2031-01-01',
        signedOn: '2022-12-20',
        paymentMethod: { inpatient: 'global-budget' },
      },
    })),
    suspensions: [],
  };
}

let born = 0;

/** Persons of one scheme, covered since 2023. Returns their ids. */
export async function makePersons(app, count, scheme) {
  const { Transactions } = await fromBuild('common/db/index.js');
  const { uuid7 } = await fromBuild('common/ids/index.js');
  const { Roster } = await fromBuild('enrollment/index.js');
  const ids = [];
  while (ids.length < count) {
    const batch = Array.from({ length: Math.min(BATCH, count - ids.length) }, () => {
      born += 1;
      const id = uuid7();
      ids.push(id);
      const insuredType = scheme === '310' ? 'employed' : 'adult';
      return {
        ...{ id, idNo: idNumber(born), name: `示例人${born}`, sex: '1', birthDate: '1970-01-01' },
        ...{ areaCode: '331102', phone: null, marks: [] },
        coverages: [{ id: uuid7(), scheme, insuredType, from: '2023-01-01', to: null }],
      };
    });
    await app.get(Transactions).run((tx) => app.get(Roster).insertMany(tx, POOL, batch, 'faults'));
  }
  return ids;
}

/** Numbers of persons that cannot exist: nobody's sequence number reaches into the day of birth. */
export function idNumber(ordinal) {
  const day = String(1 + (Math.floor(ordinal / 999) % 28)).padStart(2, '0');
  const month = String(1 + (Math.floor(ordinal / 27_972) % 12)).padStart(2, '0');
  const body = `3311021970${month}${day}${String(1 + (ordinal % 999)).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

/** A bill's line whose amount is quantity × price. */
export function line(lineNo, itemCode, quantity, priceFen) {
  return { lineNo, itemCode, quantity: String(quantity), unitPrice: yuan(priceFen), amount: yuan(quantity * priceFen) };
}

export function yuan(fen) {
  return (fen / 100).toFixed(2);
}

/** Fen of a yuan text. */
export function fenOf(text) {
  return BigInt(String(text).replace('.', ''));
}
