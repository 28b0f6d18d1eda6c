import {
  accumulatorsFromJson,
  type CatalogueClass,
  type Category,
  type InsuredType,
  type Level,
  type Scheme,
  type StoredStep,
  traceFromJson,
} from '../benefits/index.js';
import type { Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { fen } from '../common/money/index.js';
import { firstDay, type LocalDate, type Month, monthOf } from '../common/time/index.js';
import { type Actor, scopeSql } from '../identity/index.js';
import type { BillSource, SettledLine, Settlement, SettlementAmounts } from './domain/types.js';
import { claimsErrors } from './errors.js';
import { AMOUNT_COLUMNS } from './settlement.writer.js';

/** Columns of a settlement, of the alias `s`, as `storedOf` reads them. */
export const SETTLEMENT_COLUMNS = `s.id, s.kind, s.reverses_id, s.visit_id, s.bill_no, s.person_id, s.provider_id, s.provider_area, s.area_code,
  s.scheme, s.insured_type, s.category, s.level, s.admitted_on, s.discharged_on, s.settle_month, s.settled_on, s.settled_at,
  s.benefit_year, s.emergency, s.line_count, ${AMOUNT_COLUMNS.map(([, column]) => `s.${column}`).join(', ')},
  s.policy_version, s.delta, s.trace, s.source, s.posted_by`;

/** Which settlements a list shows; whatever is left out is not asked. */
export interface SettlementFilter {
  readonly providerId?: string | undefined;
  readonly personId?: string | undefined;
  readonly month?: Month | undefined;
  readonly scheme?: string | undefined;
  readonly billNo?: string | undefined;
}

/** A settlement and, where it was taken back, the id of its reversal. */
export interface StoredSettlement {
  readonly settlement: Settlement;
  readonly reversedBy: string | null;
}

const WITH_REVERSAL = `
  FROM settlement AS s
  LEFT JOIN settlement_reversal AS r
    ON r.pool_area = s.pool_area AND r.person_id = s.person_id AND r.original_id = s.id`;

/**
 * A settlement in the actor's scope.
 * @throws DomainError `claims.settlement-not-found`, also for one that exists out of scope
 */
export async function getSettlement(tx: Tx, actor: Actor, id: string): Promise<StoredSettlement> {
  const scope = scopeSql(actor, { pool: 's.pool_area', area: 's.area_code', provider: 's.provider_id' }, 2);
  const row = await tx.maybe<Record<string, unknown>>(
    `SELECT ${SETTLEMENT_COLUMNS}, r.reversal_id ${WITH_REVERSAL} WHERE s.id = $1 AND ${scope.sql}`,
    [id, ...scope.params],
  );
  if (row === undefined) throw new DomainError(claimsErrors['settlement-not-found']);
  return storedOf(row);
}

/** Settlements in the actor's scope, newest id first, `limit` + 1 of them; `after` = id of the last one seen. */
export async function listSettlements(
  tx: Tx,
  actor: Actor,
  filter: SettlementFilter,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<StoredSettlement[]> {
  const params: unknown[] = [];
  const conditions: string[] = [];
  const add = (sql: (placeholder: string) => string, value: unknown): void => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(sql(`$${String(params.length)}`));
  };
  add((p) => `s.provider_id = ${p}`, filter.providerId);
  add((p) => `s.person_id = ${p}`, filter.personId);
  add((p) => `s.settle_month = ${p}::date`, filter.month === undefined ? undefined : firstDay(filter.month));
  add((p) => `s.scheme = ${p}`, filter.scheme);
  add((p) => `s.bill_no = ${p}`, filter.billNo);
  add((p) => `s.id < ${p}::uuid`, page.after);
  const scope = scopeSql(
    actor,
    { pool: 's.pool_area', area: 's.area_code', provider: 's.provider_id' },
    params.length + 1,
  );
  conditions.push(scope.sql);
  params.push(...scope.params);
  const rows = await tx.query<Record<string, unknown>>(
    `SELECT ${SETTLEMENT_COLUMNS}, r.reversal_id ${WITH_REVERSAL} WHERE ${conditions.join(' AND ')}
     ORDER BY s.id DESC LIMIT ${String(page.limit + 1)}`,
    params,
  );
  return rows.map(storedOf);
}

/** The lines of a settlement, by line number. */
export async function getLines(tx: Tx, poolArea: string, settlement: Settlement): Promise<SettledLine[]> {
  const rows = await tx.query<Record<string, unknown>>(
    `SELECT line_no, item_code, class, fee_date, trim_scale(quantity)::text AS quantity,
       trim_scale(unit_price)::text AS unit_price, amount_fen, fulamt_ownpay_fen, overlmt_selfpay_fen, preselfpay_fen,
       inscp_fen, hospital_fen
     FROM claim_line
     WHERE pool_area = $1 AND person_id = $2 AND settle_month = $3 AND settlement_id = $4 ORDER BY line_no`,
    [poolArea, settlement.personId, firstDay(settlement.settleMonth), settlement.id],
  );
  return rows.map(lineOf);
}

/** Reads a row of SETTLEMENT_COLUMNS. */
export function storedOf(row: Readonly<Record<string, unknown>>): StoredSettlement {
  const amounts = Object.fromEntries(AMOUNT_COLUMNS.map(([key, column]) => [key, fen(row[column] as bigint)]));
  return {
    reversedBy: (row['reversal_id'] as string | null | undefined) ?? null,
    settlement: {
      id: row['id'] as string,
      kind: row['kind'] as Settlement['kind'],
      reversesId: row['reverses_id'] as string | null,
      visitId: row['visit_id'] as string,
      billNo: row['bill_no'] as string,
      personId: row['person_id'] as string,
      providerId: row['provider_id'] as string,
      providerArea: row['provider_area'] as string,
      areaCode: row['area_code'] as string,
      scheme: row['scheme'] as Scheme,
      insuredType: row['insured_type'] as InsuredType,
      category: row['category'] as Category,
      level: row['level'] as Level,
      admittedOn: row['admitted_on'] as LocalDate,
      dischargedOn: row['discharged_on'] as LocalDate,
      settleMonth: monthOf(row['settle_month'] as LocalDate),
      settledOn: row['settled_on'] as LocalDate,
      settledAt: row['settled_at'] as Date,
      benefitYear: row['benefit_year'] as number,
      emergency: row['emergency'] as boolean,
      lineCount: row['line_count'] as number,
      amounts: amounts as unknown as SettlementAmounts,
      policyVersion: row['policy_version'] as string,
      delta: accumulatorsFromJson(row['delta'] as Record<string, unknown>),
      trace: traceFromJson(row['trace'] as StoredStep[]),
      source: row['source'] as BillSource,
      postedBy: row['posted_by'] as string,
    },
  };
}

function lineOf(row: Readonly<Record<string, unknown>>): SettledLine {
  return {
    lineNo: row['line_no'] as number,
    itemCode: row['item_code'] as string,
    class: row['class'] as CatalogueClass,
    feeDate: row['fee_date'] as LocalDate,
    quantity: row['quantity'] as string,
    unitPrice: row['unit_price'] as string,
    amount: fen(row['amount_fen'] as bigint),
    fulamtOwnpay: fen(row['fulamt_ownpay_fen'] as bigint),
    overlmtSelfpay: fen(row['overlmt_selfpay_fen'] as bigint),
    preselfpay: fen(row['preselfpay_fen'] as bigint),
    inscp: fen(row['inscp_fen'] as bigint),
    hospital: fen(row['hospital_fen'] as bigint),
  };
}
