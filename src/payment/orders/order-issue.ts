import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { uuid7 } from '../../common/ids/index.js';
import type { Fen } from '../../common/money/index.js';
import { firstDay, type LocalDate, type Month } from '../../common/time/index.js';
import type { Institution, Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';
import type { Scheme } from '../domain/types.js';

/** What is to be paid to one provider. */
export interface OrderAmount {
  readonly providerId: string;
  readonly amount: Fen;
  /** The part of it that is a working-capital prepayment. */
  readonly prepayment: Fen;
}

/** What orders are made from: a closed month or clearing, and the person who prepared it. */
export interface OrderSource {
  readonly poolArea: string;
  readonly scheme: Scheme;
  readonly kind: 'month' | 'clearing';
  readonly id: string;
  /** Month of the settlement, or December of the cleared year. */
  readonly period: Month;
  readonly preparedBy: string;
  readonly preparedByName: string;
  readonly preparedOn: LocalDate;
}

/**
 * Prepares the payment orders (支付单) of a closed month or clearing, one per provider with something to pay, in the
 * transaction of the close: they exist if and only if it is closed. Error `payment.order-payee-missing`.
 */
export async function issueOrders(
  tx: Tx,
  providers: Providers,
  source: OrderSource,
  amounts: readonly OrderAmount[],
): Promise<number> {
  const due = amounts.filter((row) => row.amount > 0n);
  const ids = due.map((row) => row.providerId);
  const list = await providers.list(tx, { poolArea: source.poolArea, ids });
  const payees = new Map(list.map((institution) => [institution.id, institution]));
  // Numbered in the order of the providers' national codes, so that the same month gives the same numbers.
  const order = new Map(list.map((institution, index) => [institution.id, index + 1]));
  const rows = due.map((row) => ({
    id: uuid7(),
    provider_id: row.providerId,
    order_no: orderNo(source, order.get(row.providerId) ?? 0),
    amount_fen: row.amount.toString(),
    prepayment_fen: row.prepayment.toString(),
    ...payeeOf(payees.get(row.providerId), row.providerId),
  }));
  await tx.query(
    `INSERT INTO payment_order (pool_area, id, order_no, scheme, provider_id, source_kind, source_id, period, amount_fen,
       prepayment_fen, payee_name, payee_bank, payee_account, prepared_by, prepared_by_name, prepared_on)
     SELECT $1, r.id, r.order_no, $2, r.provider_id, $3, $4, $5, r.amount_fen, r.prepayment_fen, r.payee_name, r.payee_bank,
       r.payee_account, $6, $7, $8
     FROM jsonb_to_recordset($9::jsonb) AS r (id uuid, provider_id uuid, order_no text, amount_fen bigint,
       prepayment_fen bigint, payee_name text, payee_bank text, payee_account text)`,
    [
      source.poolArea,
      source.scheme,
      source.kind,
      source.id,
      firstDay(source.period),
      source.preparedBy,
      source.preparedByName,
      source.preparedOn,
      JSON.stringify(rows),
    ],
  );
  return rows.length;
}

function orderNo(source: OrderSource, ordinal: number): string {
  const kind = source.kind === 'month' ? 'M' : 'C';
  return `${kind}${source.scheme}-${source.period.replace('-', '')}-${String(ordinal).padStart(4, '0')}`;
}

function payeeOf(
  institution: Institution | undefined,
  providerId: string,
): { payee_name: string; payee_bank: string; payee_account: string } {
  const { payeeName = null, payeeBank = null, payeeAccount = null } = institution ?? {};
  if (payeeName === null || payeeBank === null || payeeAccount === null) {
    throw new DomainError(paymentErrors['order-payee-missing'], { provider: institution?.name ?? providerId });
  }
  return { payee_name: payeeName, payee_bank: payeeBank, payee_account: payeeAccount };
}
