import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import { uuid7 } from '../../common/ids/index.js';
import type { Fen } from '../../common/money/index.js';
import { firstDay, type LocalDate, type Month } from '../../common/time/index.js';
import { Providers } from '../../providers/index.js';
import type { Scheme } from '../domain/types.js';
import { OrderPayees } from './order-payees.js';

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

/** Prepares the payment orders (支付单) of what was closed. */
@Injectable()
export class OrderIssue {
  constructor(
    private readonly providers: Providers,
    private readonly payees: OrderPayees,
  ) {}

  /**
   * One order per provider with something to pay, in the transaction of the close: they exist if and only if it is closed.
   * Error `payment.order-payee-missing`.
   */
  async issue(tx: Tx, source: OrderSource, amounts: readonly OrderAmount[]): Promise<number> {
    const { poolArea } = source;
    const due = amounts.filter((row) => row.amount > 0n).map((row) => ({ ...row, id: uuid7() }));
    const list = await this.providers.list(tx, { poolArea, ids: due.map((row) => row.providerId) });
    // Numbered in the order of the providers' national codes, so that the same month gives the same numbers.
    const order = new Map(list.map((institution, index) => [institution.id, index + 1]));
    const payees = await this.payees.take(tx, poolArea, due);
    await tx.query(
      `INSERT INTO payment_order (pool_area, id, order_no, scheme, provider_id, source_kind, source_id, period, amount_fen,
         prepayment_fen, payee_name, payee_bank, payee_account, payee_account_masked, prepared_by, prepared_by_name, prepared_on)
       SELECT $1, r.id, r.order_no, $2, r.provider_id, $3, $4, $5, r.amount_fen, r.prepayment_fen, r.payee_name, r.payee_bank,
         r.payee_account, r.payee_account_masked, $6, $7, $8
       FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::text[], $16::bytea[],
                   $17::text[])
         AS r (id, provider_id, order_no, amount_fen, prepayment_fen, payee_name, payee_bank, payee_account,
               payee_account_masked)`,
      [
        poolArea,
        source.scheme,
        source.kind,
        source.id,
        firstDay(source.period),
        source.preparedBy,
        source.preparedByName,
        source.preparedOn,
        due.map((row) => row.id),
        due.map((row) => row.providerId),
        due.map((row) => orderNo(source, order.get(row.providerId) ?? 0)),
        due.map((row) => row.amount.toString()),
        due.map((row) => row.prepayment.toString()),
        payees.map((payee) => payee.payeeName),
        payees.map((payee) => payee.payeeBank),
        payees.map((payee) => payee.payeeAccount),
        payees.map((payee) => payee.payeeAccountMasked),
      ],
    );
    return due.length;
  }
}

function orderNo(source: OrderSource, ordinal: number): string {
  const kind = source.kind === 'month' ? 'M' : 'C';
  return `${kind}${source.scheme}-${source.period.replace('-', '')}-${String(ordinal).padStart(4, '0')}`;
}
