/**
 * A small region, made by the program's own services: areas, two hospitals, a catalogue, accounts, insured persons.
 * Run as a process of its own in the folder of a build, so that each version makes it with its own code:
 *
 *   DATABASE_URL=… node trial-region.mjs <root of a build> <persons> <password>
 *
 * The last line it prints is JSON: { persons, providerId }.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const POOL = '331100';
const [root, count, password] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(root, 'dist', path)).href);

const [{ NestFactory }, { AppModule }] = await Promise.all([
  import(pathToFileURL(join(root, 'node_modules/@nestjs/core/index.js')).href),
  load('app.module.js'),
]);
const { Transactions } = await load('common/db/index.js');
const { Areas, CatalogueItems } = await load('catalogue/index.js');
const { Roster } = await load('enrollment/index.js');
const { DemoAccounts } = await load('identity/index.js');
const { ProviderRegisters } = await load('providers/index.js');
const { uuid7 } = await load('common/ids/index.js');

const YEAR = new Date().getFullYear();
const areas = [
  { code: POOL, name: '丽水市', level: 'pool', parentCode: null, path: POOL },
  { code: '331102', name: '莲都区', level: 'county', parentCode: POOL, path: `${POOL}.331102` },
];
const items = [
  { code: 'XA001', kind: 'drug', name: '甲类药', class: 'A', selfpayRate: '0', referencePrice: 1000n },
  { code: 'SA001', kind: 'service', name: '住院床位', class: 'A', selfpayRate: '0', referencePrice: 5000n },
].map((item) => ({ ...item, unit: '次', special: null, validFrom: '2020-01-01', validTo: null, ceilings: [] }));

function institution(id, code12, name, level) {
  return {
    ...{ id, code12, name, level, areaCode: '331102', type: 'hospital', speciality: 'general', ownership: 'public' },
    ...{ priceLevel: level, beds: 100, payeeName: name, payeeBank: '示例银行', payeeAccount: '6200000000000001' },
  };
}

function agreement(institutionId, agreementNo) {
  return {
    ...{
      id: randomUUID(),
      institutionId,
      agreementNo,
      depositRate: '0.05',
      paymentMethod: { inpatient: 'global-budget' },
    },
    ...{ from: `${YEAR - 1}-01-01`, to: `${YEAR + 2}-01-01`, signedOn: `${YEAR - 2}-12-20` },
  };
}

/** 17 digits → a valid number of nobody. */
function idNo(body) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return body + '10X98765432'.charAt(sum % 11);
}

function person(number) {
  return {
    ...{ id: uuid7(), idNo: idNo(`331102197001${10_000 + number}`), name: '示例人', sex: '1', phone: null },
    ...{ birthDate: '1970-01-01', areaCode: '331102', marks: [] },
    coverages: [{ id: uuid7(), scheme: '390', insuredType: 'adult', from: `${YEAR - 1}-01-01`, to: null }],
  };
}

const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
const providerId = randomUUID();
const second = randomUUID();
const persons = Array.from({ length: Number(count) }, (_, number) => person(number));
await app.get(Transactions).run(async (tx) => {
  await app.get(Areas).add(tx, areas);
  await app.get(CatalogueItems).add(tx, items);
  const register = {
    institutions: [
      institution(providerId, 'H33110200001', '示范市中心医院', 'tertiary'),
      institution(second, 'H33110200002', '示范区人民医院', 'secondary'),
    ],
    ...{ departments: [], physicians: [], suspensions: [] },
    agreements: [agreement(providerId, 'X-1'), agreement(second, 'X-2')],
  };
  await app.get(ProviderRegisters).insertMany(tx, POOL, register, { maker: 'a', signer: 'b' });
  await app.get(DemoAccounts).ensure(tx, { poolArea: POOL, password, providerId });
  await app.get(Roster).insertMany(tx, POOL, persons, 'trial');
});
await app.close();
process.stdout.write(`${JSON.stringify({ providerId, persons: persons.map(({ id }) => id) })}\n`);
