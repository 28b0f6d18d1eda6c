/** A small pool for the benchmarks: areas, providers, a catalogue of 50 000 items, accounts, and – where asked – persons. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ROOT, run, sleep } from '../../scripts/lib/process.mjs';
import { built, environment, withApplication } from './application.mjs';
import { withClient } from './databases.mjs';

export const POOL = '331100';
const COUNTY = '331102';
export const PROVIDERS = 60;
export const ITEMS = 50_000;
const PERSONS_PER_CALL = 5_000;
const CLI = join(ROOT, 'dist', 'cli.js');
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const hex = (value) => value.toString(16).padStart(12, '0');
export const personId = (n) => `00000000-0000-7000-8000-${hex(n)}`;
export const providerId = (n) => `00000000-0000-7000-9000-${hex(n)}`;

/** Brings a database to the newest schema. */
export async function migrate(url) {
  const { code, output } = await run(process.execPath, [CLI, 'migrate'], {
    env: { ...process.env, ...environment(url) },
  });
  if (code !== 0) throw new Error(`migrate: ${output}`);
}

const STATEMENTS = [
  `INSERT INTO area VALUES ('${POOL}', '基准市', 'pool', NULL, '${POOL}'), ('${COUNTY}', '基准区', 'county', '${POOL}', '${POOL}.${COUNTY}')`,
  `INSERT INTO catalogue_item (code, kind, name, unit, class, selfpay_rate, reference_price_fen, valid)
   SELECT 'X' || lpad(n::text, 6, '0'), 'drug', '基准药品' || n, '盒', CASE WHEN n % 3 = 0 THEN 'B' ELSE 'A' END,
     CASE WHEN n % 3 = 0 THEN 0.1 ELSE 0 END, 1000, '[2020-01-01,)'
   FROM generate_series(1, ${ITEMS}) AS n`,
];

/** Fills a migrated database and returns what the loads need to know. */
export async function seed(url, { persons = 0 } = {}) {
  const password = randomBytes(18).toString('base64url');
  await withClient(url, async (client) => {
    for (const sql of STATEMENTS) await client.query(sql);
  });
  await withApplication(url, async (app) => {
    const { Transactions } = await built('common/db/index.js');
    const { DemoAccounts } = await built('identity/index.js');
    const options = { poolArea: POOL, password, providerId: providerId(1) };
    const { ProviderRegisters } = await built('providers/index.js');
    await app.get(Transactions).run(async (tx) => {
      await app.get(DemoAccounts).ensure(tx, options);
      await app.get(ProviderRegisters).insertMany(tx, POOL, providers(), { maker: 'bench', signer: 'signer' });
    });
    await enrol(app, persons);
  });
  return withClient(url, async (client) => {
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query(
      `SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text AS today,
         (SELECT id FROM app_user WHERE username = 'clerk') AS clerk`,
    );
    return { pool: POOL, persons, providers: PROVIDERS, password, ...rows[0] };
  });
}

/** Hospitals with an agreement and a payee, through the service that seals their accounts. */
function providers() {
  const institutions = Array.from({ length: PROVIDERS }, (_, index) => {
    const n = index + 1;
    const number = String(n).padStart(5, '0');
    return {
      ...{
        id: providerId(n),
        code12: `H${COUNTY}${number}`,
        name: `基准医院${n}`,
        type: 'hospital',
        level: 'secondary',
      },
      ...{ speciality: 'general', ownership: 'public', areaCode: COUNTY, priceLevel: 'secondary', beds: 0 },
      ...{ payeeName: `基准医院${n}`, payeeBank: '基准银行', payeeAccount: `6222${String(n).padStart(12, '0')}` },
    };
  });
  const agreements = institutions.map(({ id, code12 }) => ({
    ...{ id, institutionId: id, agreementNo: code12, from: '2020-01-01', to: '2099-01-01', signedOn: '2020-01-01' },
    ...{ paymentMethod: {}, depositRate: '0.05' },
  }));
  return { institutions, agreements, departments: [], physicians: [], suspensions: [] };
}

/** Registers persons 1 … count through the service that imports and the demonstration use. */
export async function enrol(app, count) {
  const { Transactions } = await built('common/db/index.js');
  const { Roster } = await built('enrollment/index.js');
  for (let start = 1; start <= count; start += PERSONS_PER_CALL) {
    const size = Math.min(PERSONS_PER_CALL, count - start + 1);
    const persons = Array.from({ length: size }, (_, index) => rosterPerson(start + index));
    await app.get(Transactions).run((tx) => app.get(Roster).insertMany(tx, POOL, persons, 'bench'));
  }
}

/** A fictitious person with a valid identity number (GB 11643): 400 of them share a birthday. */
function rosterPerson(n) {
  const day = new Date(Date.UTC(1950, 0, 1 + Math.floor(n / 400)));
  const birthDate = day.toISOString().slice(0, 10);
  const digits = `${COUNTY}${birthDate.replaceAll('-', '')}${String((n % 400) * 2 + 1).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return {
    ...{ id: personId(n), idNo: digits + '10X98765432'.charAt(sum % 11), name: `基准人${n}`, sex: '1', birthDate },
    ...{ areaCode: COUNTY, phone: null, marks: [] },
    coverages: [{ id: personId(n), scheme: '390', insuredType: 'adult', from: '2020-01-01', to: null }],
  };
}

/** Starts one server process and waits until it is ready. */
export async function startServer(url, port) {
  const env = { ...process.env, ...environment(url), PORT: String(port), HOST: '127.0.0.1' };
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let wait = 0; ; wait += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/api/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null || wait > 150) throw new Error('the server did not become ready');
    await sleep(200);
  }
  return {
    port,
    stop: async () => {
      child.kill('SIGTERM');
      while (child.exitCode === null && child.signalCode === null) await sleep(50);
    },
  };
}
