/** A small region for the benchmark, written with set-based SQL: persons, coverage, providers, a catalogue of 50 000 items. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'argon2';
import pg from 'pg';
import { ROOT, run, sleep } from '../scripts/lib/process.mjs';

const POOL = '331100';
const PROVIDERS = 20;
export const ITEMS = 50_000;
const CLI = join(ROOT, 'dist', 'cli.js');

/** Brings a database to the newest schema. */
export async function migrate(url) {
  await run(process.execPath, [CLI, 'migrate'], { env: { ...process.env, DATABASE_URL: url }, stdio: 'ignore' });
}

const STATEMENTS = [
  `INSERT INTO area VALUES ('331100', '基准市', 'pool', NULL, '331100'), ('331102', '基准区', 'county', '331100', '331100.331102')`,
  `INSERT INTO person (pool_area, id, id_no, name, sex, birth_date, area_code, created_by)
   SELECT '331100', ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, lpad(n::text, 17, '0') || '0', '基准人', '1',
     date '1970-01-01' + n % 9000, '331102', 'bench'
   FROM generate_series(1, $1::int) AS n`,
  `INSERT INTO coverage (pool_area, person_id, id, scheme, insured_type, valid, benefits_from, created_by)
   SELECT pool_area, id, id, '390', 'adult', '[2020-01-01,)', '2020-01-01', 'bench' FROM person`,
  `INSERT INTO institution (pool_area, id, code12, name, type, level, area_code, price_level, created_by)
   SELECT '331100', ('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'H331102' || lpad(n::text, 5, '0'), '基准医院' || n,
     'hospital', 'secondary', '331102', 'secondary', 'bench'
   FROM generate_series(1, ${PROVIDERS}) AS n`,
  `INSERT INTO agreement (pool_area, institution_id, id, agreement_no, valid, state, payment_method, deposit_rate, created_by,
     signed_by, signed_on)
   SELECT pool_area, id, id, code12, '[2020-01-01,2099-01-01)', 'in-force', '{}', 0.05, 'bench', 'signer', '2020-01-01' FROM institution`,
  `INSERT INTO catalogue_item (code, kind, name, unit, class, selfpay_rate, reference_price_fen, valid)
   SELECT 'X' || lpad(n::text, 6, '0'), 'drug', '基准药品' || n, '盒', CASE WHEN n % 3 = 0 THEN 'B' ELSE 'A' END,
     CASE WHEN n % 3 = 0 THEN 0.1 ELSE 0 END, 1000, '[2020-01-01,)'
   FROM generate_series(1, ${ITEMS}) AS n`,
];

/** Fills the database and returns what the load needs to know: accounts, counts. */
export async function seed(url, persons) {
  const password = randomBytes(18).toString('base64url');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const sql of STATEMENTS) await client.query(sql, sql.includes('$1') ? [persons] : []);
    await client.query(
      `INSERT INTO app_user (id, pool_area, username, display_name, password_hash, area_code, password_changed_at, created_by)
       VALUES (gen_random_uuid(), '331100', 'clerk', '基准经办', $1, '331100', now(), 'bench')`,
      [await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })],
    );
    await client.query(
      `INSERT INTO user_role (user_id, role_code, granted_by) SELECT id, 'clerk', 'bench' FROM app_user`,
    );
    await client.query('VACUUM ANALYZE');
    const { rows } = await client.query(
      `SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text AS today, (SELECT id FROM app_user) AS clerk`,
    );
    return { pool: POOL, persons, providers: PROVIDERS, password, today: rows[0].today, clerk: rows[0].clerk };
  } finally {
    await client.end();
  }
}

/** Starts one server process and waits until it is ready. */
export async function startServer(url, port) {
  const dataDir = mkdtempSync(join(tmpdir(), 'tongchou-bench-data-'));
  const env = {
    ...process.env,
    ...{
      DATABASE_URL: url,
      PORT: String(port),
      HOST: '127.0.0.1',
      SCHEDULES: 'off',
      LOG_LEVEL: 'error',
      DATA_DIR: dataDir,
    },
    NODE_ENV: 'production',
  };
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://127.0.0.1:${port}`;
  for (let wait = 0; ; wait += 1) {
    const ready = await fetch(`${base}/api/health/ready`).then(
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
