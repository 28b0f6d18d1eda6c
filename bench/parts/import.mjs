/**
 * A file of discharges through the import – read, checked and staged row by row, then settled by its job – beside a bare
 * COPY of the same rows into the same tables.
 */
import { performance } from 'node:perf_hooks';
import { built, withApplication } from '../lib/application.mjs';
import { copyIn, copyOut } from '../lib/copy.mjs';
import { withClient } from '../lib/databases.mjs';
import { migrate, POOL, providerId, seed } from '../lib/pool.mjs';
import { sayMedian, sayRound } from '../lib/report.mjs';
import { settings } from '../lib/settings.mjs';

const HEADINGS =
  '病例号,性别,年龄,出院科室代码,住院天数,离院方式,总费用,医保类型,主要诊断编码,其他诊断编码,主要手术操作编码,其他手术操作编码';
const STAGED = ['discharge_import_row'];
/** What a settled row leaves, in the order in which it can be written again. */
const SETTLED = [
  'person',
  'person_certificate',
  'coverage',
  'person_mark',
  'visit',
  'benefit_accumulator',
  'settlement',
  'claim_line',
  'ledger_journal',
  'ledger_line',
];

/** A file with plausible rows, the same for every run of a size. */
function discharges(rows) {
  const lines = Array.from({ length: rows }, (_, n) => {
    const total = ((150_000 + ((n * 7919) % 2_500_000)) / 100).toFixed(2);
    const scheme = n % 3 === 0 ? '职工' : '居民';
    return `B${n + 1},${(n % 2) + 1},${20 + (n % 60)},13${String(n % 30).padStart(2, '0')},${1 + (n % 20)},1,${total},${scheme},K80.501,K80.100x001|K83.109,51.8803,51.2300|54.5100x005`;
  });
  return Buffer.from([HEADINGS, ...lines].join('\n'), 'utf8');
}

/** @param {import('../lib/databases.mjs').Databases} databases */
export async function measureImport(databases) {
  const base = await databases.create('base');
  await migrate(base);
  const { today } = await seed(base);
  const bytes = discharges(settings.importRows);
  const rows = `${settings.importRows.toLocaleString('en').replaceAll(',', ' ')} rows`;
  const staging = measured(
    'import-staging',
    `file of discharges read, checked, staged (${rows})`,
    'COPY of the staged rows',
  );
  const whole = measured(
    'import',
    `the same file to its settlements, booked (${rows})`,
    'COPY of every row that is left',
  );
  for (let round = 0; round < settings.rounds; round += 1) {
    const url = await databases.create('import', 'base');
    const ours = await importFile(url, bytes, today);
    const references = ['job_run', 'discharge_import'];
    const floors = {
      staged: await floor(databases, url, [...references, ...STAGED]),
      settled: await floor(databases, url, [...references, ...STAGED, ...SETTLED]),
    };
    staging.rounds.push({ ours: settings.importRows / ours.staged, floor: settings.importRows / floors.staged });
    whole.rounds.push({
      ours: settings.importRows / (ours.staged + ours.settled),
      floor: settings.importRows / floors.settled,
    });
    for (const measure of [staging, whole]) sayRound(measure, round);
    await databases.drop('import');
  }
  for (const measure of [staging, whole]) sayMedian(measure);
  await databases.drop('base');
  return [staging, whole];
}

const measured = (key, what, floorName) => ({ key, what, unit: '/s', floor: floorName, rounds: [] });

async function importFile(url, bytes, today) {
  return withApplication(url, async (app) => {
    const { DischargeImports } = await built('claims/index.js');
    const { systemActor } = await built('identity/index.js');
    const imports = app.get(DischargeImports);
    const actor = systemActor(POOL);
    const file = { institution: providerId(1), bytes, fileName: 'bench.csv', month: today.slice(0, 7) };
    const start = performance.now();
    const { id } = await imports.stage(actor, file);
    const middle = performance.now();
    const done = await imports.execute(actor, id);
    const end = performance.now();
    if (done.imported !== settings.importRows)
      throw new Error(`imported ${done.imported} of ${settings.importRows} rows`);
    return { staged: (middle - start) / 1000, settled: (end - middle) / 1000 };
  });
}

/** Seconds for a COPY of the rows of tables into a copy of the database as it was before the import. */
async function floor(databases, from, tables) {
  const files = await copyOut(from, databases.exchange, tables);
  const url = await databases.create('floor', 'base');
  const months = await withClient(from, (client) =>
    client.query('SELECT DISTINCT settle_month::text AS month FROM settlement'),
  );
  try {
    return await copyIn(
      url,
      files,
      months.rows.map(({ month }) => `SELECT ensure_month_partitions('${month}'::date)`),
    );
  } finally {
    await databases.drop('floor');
  }
}
