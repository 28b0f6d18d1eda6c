import { accumulatorsToJson, traceToJson } from '../benefits/index.js';
import type { Tx } from '../common/db/index.js';
import { uuid7 } from '../common/ids/index.js';
import { firstDay } from '../common/time/index.js';
import type { Actor } from '../identity/index.js';
import { accumulatorArray, chronicJson } from './domain/accumulators.js';
import type { ComputedBill, SettledLine, SettlementAmounts } from './domain/types.js';

/**
 * What became of a bill: written; the month was closed meanwhile; its idempotency key was used meanwhile (read again); the
 * person's year or account moved on (compute again).
 */
export type WriteOutcome = 'written' | 'closed' | 'used' | 'moved';

/** What is written beside a settlement that came by REST. */
export interface RestEnvelope {
  readonly actor: Actor;
  readonly clientId: string;
  readonly idempotencyKey: string;
  /** SHA-256 of the body, hex. */
  readonly bodyHash: string;
}

export interface WriteItem {
  readonly computed: ComputedBill;
  readonly rest?: RestEnvelope | undefined;
}

/** Column of each amount of a settlement, in the order of the table. */
export const AMOUNT_COLUMNS: readonly (readonly [keyof SettlementAmounts, string])[] = (
  [
    'total',
    'fulamtOwnpay',
    'overlmtSelfpay',
    'preselfpay',
    'inscp',
    'deductible',
    'hifp',
    'cvlserv',
    'hifes',
    'hifmi',
    'hifob',
    'maf',
    'oth',
    'fundPaySum',
    'special',
    'psnPart',
    'hospPart',
    'acctPay',
    'cashPay',
  ] as const
).map((key) => [key, `${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_fen`] as const);

const WRITE = `
SELECT bill_ordinal, outcome FROM settle_commit($1, $2::text[], $3::text[], $4::json, $5::int[], $6::int[], $7::text[],
  $8::text[], $9::date[], $10::numeric[], $11::numeric[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
  $16::bigint[], $17::bigint[])`;

/**
 * Writes settlements of different persons in one round trip, each whole or not at all.
 * @returns the outcome of each item, in their order
 * @throws the driver's error of a unique violation (bill number); nothing is written then
 */
export async function writeSettlements(tx: Tx, poolArea: string, items: readonly WriteItem[]): Promise<WriteOutcome[]> {
  const months = new Set(items.map(({ computed: { settlement } }) => `${settlement.scheme}:${settlement.settleMonth}`));
  const keys = items.flatMap(({ rest }) => (rest === undefined ? [] : [`${rest.clientId}:${rest.idempotencyKey}`]));
  const bills = items.map((item, index) => billJson(item, index));
  const lines = items.flatMap(({ computed }, index) => computed.lines.map((line) => ({ index, line })));
  const column = <T>(of: (line: SettledLine) => T): T[] => lines.map(({ line }) => of(line));
  const rows = await tx.named<{ bill_ordinal: number; outcome: WriteOutcome }>('claims.settle-commit', WRITE, [
    poolArea,
    [...months],
    keys,
    JSON.stringify(bills),
    lines.map(({ index }) => index),
    column((line) => line.lineNo),
    column((line) => line.itemCode),
    column((line) => line.class),
    column((line) => line.feeDate),
    column((line) => line.quantity),
    column((line) => line.unitPrice),
    column((line) => line.amount),
    column((line) => line.fulamtOwnpay),
    column((line) => line.overlmtSelfpay),
    column((line) => line.preselfpay),
    column((line) => line.inscp),
    column((line) => line.hospital),
  ]);
  const outcomes = new Array<WriteOutcome>(items.length);
  for (const row of rows) outcomes[row.bill_ordinal] = row.outcome;
  return outcomes;
}

function billJson({ computed, rest }: WriteItem, ordinal: number): Record<string, unknown> {
  const { bill, settlement } = computed;
  return Object.assign(settlementColumns(computed), {
    ordinal,
    department_code: bill.departmentCode,
    physician_id: bill.physicianId,
    main_diagnosis: bill.mainDiagnosis,
    other_diagnoses: bill.otherDiagnoses,
    main_procedure: bill.mainProcedure,
    other_procedures: bill.otherProcedures,
    discharge_way: bill.dischargeWay,
    facts: computed.facts,
    acc_version: computed.accumulatorVersion,
    acc: accumulatorArray(computed.after),
    chronic: chronicJson(computed.after),
    account_version: computed.accountVersion,
    ...(rest === undefined ? {} : restColumns(rest, settlement.postedBy)),
  });
}

function settlementColumns({ settlement }: ComputedBill): Record<string, unknown> {
  const columns: Record<string, unknown> = {
    person_id: settlement.personId,
    settle_month: firstDay(settlement.settleMonth),
    id: settlement.id,
    visit_id: settlement.visitId,
    bill_no: settlement.billNo,
    provider_id: settlement.providerId,
    provider_area: settlement.providerArea,
    area_code: settlement.areaCode,
    scheme: settlement.scheme,
    insured_type: settlement.insuredType,
    category: settlement.category,
    level: settlement.level,
    admitted_on: settlement.admittedOn,
    discharged_on: settlement.dischargedOn,
    settled_on: settlement.settledOn,
    settled_at: settlement.settledAt.toISOString(),
    benefit_year: settlement.benefitYear,
    emergency: settlement.emergency,
    line_count: settlement.lineCount,
    policy_version: settlement.policyVersion,
    delta: accumulatorsToJson(settlement.delta),
    trace: traceToJson(settlement.trace),
    source: settlement.source,
    posted_by: settlement.postedBy,
  };
  for (const [key, column] of AMOUNT_COLUMNS) columns[column] = settlement.amounts[key].toString();
  return columns;
}

function restColumns(rest: RestEnvelope, postedBy: string): Record<string, unknown> {
  return {
    client_id: rest.clientId,
    idem_key: rest.idempotencyKey,
    body_hash: `\\x${rest.bodyHash}`,
    audit: { id: uuid7(), actor_id: rest.actor.userId, actor_name: postedBy, actor_roles: rest.actor.roles },
    event: { id: uuid7() },
  };
}
