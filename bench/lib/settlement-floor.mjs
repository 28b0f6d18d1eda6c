/**
 * The floor: the same rows as one settlement, written by pgbench with one prepared read and one prepared statement of
 * data-modifying CTEs. No engine, no HTTP, no checks that a bill needs; what no server on this database can be cheaper than
 * by much, one bill per transaction.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import pg from 'pg';

const execute = promisify(execFile);
const ROOTS = '/usr/lib/postgresql';

/** Path of pgbench, on PATH or in a Debian installation; null when there is none. */
export async function findPgbench() {
  const installed = existsSync(ROOTS)
    ? readdirSync(ROOTS).map((version) => join(ROOTS, version, 'bin', 'pgbench'))
    : [];
  for (const candidate of ['pgbench', ...installed.sort().reverse()]) {
    const found = await execute(candidate, ['--version']).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return null;
}

const TRACE = JSON.stringify(
  Array.from({ length: 6 }, (_, step) => [
    'tier',
    '125000',
    '0.76',
    '95000',
    `居民示范办法第${step}条`,
    { upTo: '20000.00' },
  ]),
);
const FACTS = JSON.stringify({
  marks: [],
  age: 50,
  priceLevel: 'secondary',
  place: 'in-pool',
  referral: 'referred',
  accountBefore: '0',
});
const DELTA = JSON.stringify({
  admissions: 1,
  deductiblePaid: '50000',
  inscp: '125000',
  poolPaid: '57000',
  burden: '68000',
});

/** Variables of a transaction and the one prepared read that a bill needs. */
function readPart({ persons, providers, today }) {
  const month = `${today.slice(0, 7)}-01`;
  return `
\\set person random(1, ${persons})
\\set provider random(1, ${providers})
SELECT p.area_code, p.birth_date, c.scheme, c.insured_type, i.level, i.price_level, g.id, a.version, a.inscp_fen, m.state
FROM person p
JOIN coverage c ON c.pool_area = '331100' AND c.person_id = p.id AND c.valid @> date '${today}'
JOIN institution i ON i.pool_area = '331100' AND i.id = ('00000000-0000-7000-9000-' || lpad(to_hex(:provider::int), 12, '0'))::uuid
JOIN agreement g ON g.pool_area = '331100' AND g.institution_id = i.id AND g.valid @> date '${today}'
LEFT JOIN benefit_accumulator a ON a.pool_area = '331100' AND a.person_id = p.id AND a.scheme = '390' AND a.year = ${today.slice(0, 4)}
LEFT JOIN claims_month m ON m.pool_area = '331100' AND m.scheme = '390' AND m.month = '${month}'
WHERE p.pool_area = '331100' AND p.id = ('00000000-0000-7000-8000-' || lpad(to_hex(:person::int), 12, '0'))::uuid;
`;
}

/** The pgbench script of a pre-settlement: the read, and the look at a person that the audit trail keeps. */
export function lookScript(region) {
  return `${readPart(region)}
INSERT INTO audit_event (pool_area, owner_id, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id, person_ids, details)
SELECT '331100', p.id, gen_random_uuid(), '${region.clerk}', 'clerk', '{clerk}', 'look', 'claims.pre-settle', 'person', p.id::text, ARRAY[p.id], '{}'
FROM (SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(:person::int), 12, '0'))::uuid AS id) AS p;
`;
}

/** The pgbench script of a settlement: variables, one read, one write. */
export function floorScript(region) {
  const { today, clerk } = region;
  const month = `${today.slice(0, 7)}-01`;
  return `${readPart(region)}
WITH s AS MATERIALIZED (
  SELECT gen_random_uuid() AS id, gen_random_uuid() AS visit_id, ('00000000-0000-7000-8000-' || lpad(to_hex(:person::int), 12, '0'))::uuid AS person_id,
    ('00000000-0000-7000-9000-' || lpad(to_hex(:provider::int), 12, '0'))::uuid AS provider_id, gen_random_uuid() AS number
), a AS (
  INSERT INTO benefit_accumulator AS b SELECT '331100', person_id, '390', ${today.slice(0, 4)}, 1, 1, 50000, 125000, 57000, 68000, 0, 0, 0, 0, 0, 0, 0, 0, '{}' FROM s
  ON CONFLICT ON CONSTRAINT benefit_accumulator_pk DO UPDATE SET version = b.version + 1, admissions = b.admissions + 1,
    inscp_fen = b.inscp_fen + 125000, pool_paid_fen = b.pool_paid_fen + 57000, burden_fen = b.burden_fen + 68000
  RETURNING b.person_id
), v AS (
  INSERT INTO visit (pool_area, person_id, id, settlement_id, settle_month, provider_id, bill_no, category, admitted_on, discharged_on,
    main_diagnosis, facts)
  SELECT '331100', s.person_id, s.visit_id, s.id, date '${month}', s.provider_id, 'P' || s.number, 'inpatient', date '${today}', date '${today}', 'K80.501',
    '${FACTS}'::jsonb FROM s JOIN a USING (person_id)
), t AS (
  INSERT INTO settlement (pool_area, person_id, settle_month, id, kind, visit_id, bill_no, provider_id, provider_area, area_code, scheme, insured_type,
    category, level, admitted_on, discharged_on, settled_on, benefit_year, line_count, total_fen, fulamt_ownpay_fen, overlmt_selfpay_fen,
    preselfpay_fen, inscp_fen, deductible_fen, hifp_fen, cvlserv_fen, hifes_fen, hifmi_fen, hifob_fen, maf_fen, oth_fen, fund_pay_sum_fen,
    special_fen, psn_part_fen, hosp_part_fen, acct_pay_fen, cash_pay_fen, policy_version, delta, trace, source, posted_by)
  SELECT '331100', s.person_id, date '${month}', s.id, 'settlement', s.visit_id, 'P' || s.number, s.provider_id, '331102', '331102', '390', 'adult',
    'inpatient', 'secondary', date '${today}', date '${today}', date '${today}', ${today.slice(0, 4)}, 10, 125000, 0, 0, 0, 125000, 50000, 57000, 0, 0, 0, 0, 0, 0, 57000,
    0, 68000, 0, 0, 68000, '331100-390-2026@0123456789abcdef', '${DELTA}'::jsonb, '${TRACE}'::jsonb, 'rest', 'clerk' FROM s JOIN a USING (person_id)
), l AS (
  INSERT INTO claim_line (pool_area, person_id, settle_month, settlement_id, line_no, provider_id, item_code, class, fee_date, quantity, unit_price,
    amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen, inscp_fen, hospital_fen)
  SELECT '331100', s.person_id, date '${month}', s.id, n, s.provider_id, 'X' || lpad((:person::int + n)::text, 6, '0'), 'A', date '${today}', 10, 12.5,
    12500, 0, 0, 0, 12500, 0 FROM s JOIN a USING (person_id), generate_series(1, 10) AS n
), j AS (
  INSERT INTO ledger_journal (pool_area, owner_id, period, id, scheme, posted_on, source_kind, source_id, memo, line_count, total_fen, posted_by)
  SELECT '331100', s.person_id, date '${month}', s.id, '390', date '${today}', 'settlement', s.id::text, 'settlement', 1, 57000, 'clerk' FROM s JOIN a USING (person_id)
), p AS (
  INSERT INTO ledger_line (pool_area, owner_id, period, journal_id, line_no, scheme, debit_account, credit_account, credit_party, amount_fen)
  SELECT '331100', s.person_id, date '${month}', s.id, 1, '390', '5001', '2001', s.provider_id, 57000 FROM s JOIN a USING (person_id)
), e AS (
  INSERT INTO outbox_event (pool_area, owner_id, id, topic, key, payload)
  SELECT '331100', s.person_id, s.number, 'claims.settled', s.person_id::text, jsonb_build_object('settlementId', s.id, 'personId', s.person_id, 'providerId', s.provider_id) FROM s JOIN a USING (person_id)
), u AS (
  INSERT INTO audit_event (pool_area, owner_id, id, actor_id, actor_name, actor_roles, kind, action, subject_kind, subject_id, person_ids, details)
  SELECT '331100', s.person_id, s.number, '${clerk}', 'clerk', '{clerk}', 'change', 'claims.settle', 'settlement', s.id::text, ARRAY[s.person_id], '{}' FROM s JOIN a USING (person_id)
)
INSERT INTO idempotency_key (pool_area, owner_id, client_id, key, body_hash, state, status, response, completed_at)
SELECT '331100', s.person_id, '${clerk}', s.number::text, sha256(s.number::text::bytea), 'done', 201, jsonb_build_object('settlementId', s.id), now() FROM s JOIN a USING (person_id);
`;
}

/** Transactions per second of the floor. */
export async function runFloor({ pgbench, script, url, seconds, clients }) {
  if (pgbench === null) return runFloorInNode(script, url, seconds, clients);
  const arguments_ = [
    '-n',
    '-M',
    'prepared',
    '-c',
    String(clients),
    '-j',
    '2',
    '-T',
    String(seconds),
    '-f',
    script,
    url,
  ];
  const { stdout } = await execute(pgbench, arguments_);
  const failed = /number of failed transactions: (\d+)/.exec(stdout)?.[1] ?? '0';
  const rate = /tps = ([\d.]+)/.exec(stdout)?.[1];
  if (rate === undefined || failed !== '0') throw new Error(`pgbench: ${stdout}`);
  return Number(rate);
}

/** Where no pgbench is to be had: the same two statements through the bare driver. */
async function runFloorInNode(script, url, seconds, clients) {
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(script, 'utf8');
  const [, persons] = /person random\(1, (\d+)\)/.exec(text);
  const [, providers] = /provider random\(1, (\d+)\)/.exec(text);
  const statements = text
    .replace(/^\\set.*$/gm, '')
    .split(';\n')
    .map((sql) => sql.trim())
    .filter(Boolean);
  const prepared = statements.map((sql, index) => ({
    name: `floor-${index}`,
    text: sql.replaceAll(':person::int', '$1::int').replaceAll(':provider::int', '$2::int'),
  }));
  const until = performance.now() + seconds * 1000;
  let done = 0;
  const worker = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    while (performance.now() < until) {
      const values = [1 + Math.floor(Math.random() * persons), 1 + Math.floor(Math.random() * providers)];
      for (const query of prepared)
        await client.query({ ...query, values: values.slice(0, query.text.includes('$2') ? 2 : 1) });
      done += 1;
    }
    await client.end();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, worker));
  return done / ((performance.now() - start) / 1000);
}
