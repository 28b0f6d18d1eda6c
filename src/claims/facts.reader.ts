import { emptyAccumulators, type InsuredType, type Level, type Scheme } from '../benefits/index.js';
import type { Tx } from '../common/db/index.js';
import { fen, ZERO_FEN } from '../common/money/index.js';
import { firstDay, type LocalDate } from '../common/time/index.js';
import { accumulatorsOf } from './domain/accumulators.js';
import type { Bill, BillFacts } from './domain/types.js';

/** A bill and, where it came by REST, the idempotency key under which it was sent. */
export interface BillQuestion {
  readonly bill: Bill;
  readonly clientId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

interface FactsRow {
  ordinal: number;
  area_code: string | null;
  birth_date: LocalDate;
  marks: string[] | null;
  scheme: Scheme | null;
  covered_from: LocalDate;
  covered_to: LocalDate | null;
  status: 'active' | 'suspended';
  insured_type: InsuredType;
  benefits_from: LocalDate;
  level: Level | null;
  price_level: string;
  provider_area: string;
  provider_state: string;
  agreed_from: LocalDate | null;
  agreed_to: LocalDate | null;
  agreement_state: 'in-force' | 'suspended' | 'terminated';
  suspensions: { from: LocalDate; to: LocalDate | null }[] | null;
  suspended_now: string | null;
  privileged_from: LocalDate | null;
  privileged_to: LocalDate | null;
  privilege_state: 'active' | 'suspended';
  version: number | null;
  balance_fen: bigint | null;
  account_version: number | null;
  month_closed: boolean;
  existing_id: string | null;
  body_hash: string | null;
  answered_id: string | null;
}

// Each LATERAL ends in LIMIT 1, so that the planner can only walk an index per bill, however few rows it believes in.
// Where a table has an exclusion constraint, = ANY (ARRAY[…]) keeps the planner from its GiST index, which it takes to be
// as good as the primary key: a look there costs 0.35 ms, thirty times as much, and was four fifths of this statement.
const READ = `
SELECT q.ordinal::int AS ordinal, p.area_code, p.birth_date, p.marks,
  c.scheme, lower(c.valid) AS covered_from, upper(c.valid) AS covered_to, c.status, c.insured_type, c.benefits_from,
  i.level, i.price_level, i.area_code AS provider_area, i.state AS provider_state,
  lower(ag.valid) AS agreed_from, upper(ag.valid) AS agreed_to, ag.state AS agreement_state,
  su.spans AS suspensions, su.reason AS suspended_now,
  lower(pp.valid) AS privileged_from, upper(pp.valid) AS privileged_to, pp.state AS privilege_state,
  acc.version, acc.admissions, acc.deductible_paid_fen, acc.inscp_fen, acc.pool_paid_fen, acc.burden_fen,
  acc.catastrophic_paid_fen, acc.large_paid_fen, acc.civil_servant_paid_fen, acc.employer_paid_fen,
  acc.assistance_paid_fen, acc.outpatient_paid_fen, acc.outpatient_inscp_fen, acc.outpatient_deductible_fen,
  acc.chronic_paid,
  pa.balance_fen, pa.version AS account_version,
  EXISTS (SELECT FROM claims_month AS m WHERE m.pool_area = $1 AND m.scheme = c.scheme AND m.month = q.settle_month
    AND m.state = 'closed') AS month_closed,
  v.settlement_id AS existing_id, encode(k.body_hash, 'hex') AS body_hash, k.response ->> 'settlementId' AS answered_id
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[], $7::date[], $8::text[], $9::text[], $10::text[])
  WITH ORDINALITY AS q (person_id, provider_id, physician_id, visit_on, settled_on, settle_month, bill_no, client_id,
    idem_key, ordinal)
LEFT JOIN LATERAL (
  SELECT p.area_code, p.birth_date, (
    SELECT array_agg(pm.mark ORDER BY pm.mark) FROM person_mark AS pm
    WHERE pm.pool_area = $1 AND pm.person_id = ANY (ARRAY[p.id]) AND pm.valid_from <= q.visit_on
      AND (pm.valid_to IS NULL OR pm.valid_to > q.visit_on)) AS marks
  FROM person AS p WHERE p.pool_area = $1 AND p.id = q.person_id LIMIT 1) AS p ON true
LEFT JOIN LATERAL (
  SELECT c.scheme, c.valid, c.status, c.insured_type, c.benefits_from FROM coverage AS c
  WHERE c.pool_area = $1 AND c.person_id = ANY (ARRAY[q.person_id])
    AND (c.valid @> q.visit_on OR (c.insured_type = 'newborn' AND lower(c.valid) > q.visit_on))
  ORDER BY lower(c.valid) LIMIT 1) AS c ON true
LEFT JOIN LATERAL (
  SELECT i.level, i.price_level, i.area_code, i.state FROM institution AS i
  WHERE i.pool_area = $1 AND i.id = q.provider_id LIMIT 1) AS i ON true
LEFT JOIN LATERAL (
  SELECT a.valid, a.state FROM agreement AS a
  WHERE a.pool_area = $1 AND a.institution_id = ANY (ARRAY[q.provider_id]) AND a.state <> 'draft' AND a.valid @> q.visit_on
  LIMIT 1) AS ag ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object('from', lower(s.span), 'to', upper(s.span))) AS spans,
    max(s.reason) FILTER (WHERE s.span @> q.settled_on) AS reason
  FROM agreement_suspension AS s
  WHERE s.pool_area = $1 AND s.institution_id = ANY (ARRAY[q.provider_id]) LIMIT 1) AS su ON true
LEFT JOIN LATERAL (
  SELECT pr.valid, pr.state FROM physician_privilege AS pr
  WHERE pr.pool_area = $1 AND pr.physician_id = ANY (ARRAY[q.physician_id]) AND pr.institution_id = q.provider_id
    AND pr.valid @> q.visit_on LIMIT 1) AS pp ON true
LEFT JOIN LATERAL (
  SELECT a.* FROM benefit_accumulator AS a
  WHERE a.pool_area = $1 AND a.person_id = q.person_id AND a.scheme = c.scheme
    AND a.year = extract(year FROM q.visit_on) LIMIT 1) AS acc ON true
LEFT JOIN LATERAL (
  SELECT a.balance_fen, a.version FROM personal_account AS a
  WHERE a.pool_area = $1 AND a.person_id = q.person_id LIMIT 1) AS pa ON true
LEFT JOIN LATERAL (
  SELECT v.settlement_id FROM visit AS v
  WHERE v.pool_area = $1 AND v.person_id = q.person_id AND v.provider_id = q.provider_id AND v.bill_no = q.bill_no
    AND v.state = 'settled' LIMIT 1) AS v ON true
LEFT JOIN LATERAL (
  SELECT k.body_hash, k.response FROM idempotency_key AS k
  WHERE k.pool_area = $1 AND k.client_id = q.client_id AND k.key = q.idem_key LIMIT 1) AS k ON true`;

/**
 * One round trip: everything that decides about each bill, in the order of the questions. The catalogue and the policy
 * are not asked here; they are snapshots in memory.
 */
export async function readFacts(tx: Tx, poolArea: string, questions: readonly BillQuestion[]): Promise<BillFacts[]> {
  const bills = questions.map(({ bill }) => bill);
  const rows = await tx.named<FactsRow>('claims.facts', READ, [
    poolArea,
    bills.map((bill) => bill.personId),
    bills.map((bill) => bill.providerId),
    bills.map((bill) => bill.physicianId ?? null),
    bills.map((bill) => bill.dischargedOn),
    bills.map((bill) => bill.settledOn),
    bills.map((bill) => firstDay(bill.settleMonth)),
    bills.map((bill) => bill.billNo),
    questions.map((question) => question.clientId ?? null),
    questions.map((question) => question.idempotencyKey ?? null),
  ]);
  const facts = new Array<BillFacts>(questions.length);
  for (const row of rows) facts[row.ordinal - 1] = factsOf(row);
  return facts;
}

function factsOf(row: FactsRow): BillFacts {
  return {
    person:
      row.area_code === null ? null : { areaCode: row.area_code, birthDate: row.birth_date, marks: row.marks ?? [] },
    coverage: coverageOf(row),
    provider: providerOf(row),
    privilege:
      row.privileged_from === null
        ? null
        : { from: row.privileged_from, to: row.privileged_to, state: row.privilege_state },
    accumulators:
      row.version === null
        ? { version: 0, values: emptyAccumulators() }
        : { version: row.version, values: accumulatorsOf(row as unknown as Record<string, unknown>) },
    account: { version: row.account_version ?? 0, balance: row.balance_fen === null ? ZERO_FEN : fen(row.balance_fen) },
    monthClosed: row.month_closed,
    existingId: row.existing_id,
    replay: row.body_hash === null ? null : { bodyHash: row.body_hash, settlementId: row.answered_id },
  };
}

function coverageOf(row: FactsRow): BillFacts['coverage'] {
  if (row.scheme === null) return null;
  return {
    scheme: row.scheme,
    from: row.covered_from,
    to: row.covered_to,
    status: row.status,
    insuredType: row.insured_type,
    benefitsFrom: row.benefits_from,
  };
}

function providerOf(row: FactsRow): BillFacts['provider'] {
  if (row.level === null) return null;
  return {
    level: row.level,
    priceLevel: row.price_level,
    areaCode: row.provider_area,
    state: row.provider_state,
    agreement:
      row.agreed_from === null
        ? null
        : {
            from: row.agreed_from,
            to: row.agreed_to,
            state: row.agreement_state,
            suspensions: row.suspensions ?? [],
          },
    suspendedNow: row.suspended_now,
  };
}
