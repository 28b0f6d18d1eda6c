import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/db/index.js';
import type { Fen } from '../../common/money/index.js';
import { firstDay, type Month } from '../../common/time/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import type { Scheme } from '../domain/types.js';

/** A provider's month before this system began. */
export interface HistoryMonth {
  readonly providerId: string;
  readonly month: Month;
  /** Accepted under the budget. */
  readonly budgeted: Fen;
  /** Inpatient visits. */
  readonly visits: number;
}

/** What was paid before this system began (上线前历史数据): the history of the first budgets and clearings. */
@Injectable()
export class BudgetHistory {
  /** Records months; one that is there already stays as it is. @returns how many were added */
  async record(tx: Tx, actor: Actor, scheme: Scheme, months: readonly HistoryMonth[]): Promise<number> {
    const added = await tx.query(
      `INSERT INTO payment_history (pool_area, scheme, provider_id, month, budgeted_fen, visits, recorded_by)
       SELECT $1, $2, h.provider_id, h.month, h.budgeted_fen, h.visits, $3
       FROM unnest($4::uuid[], $5::date[], $6::bigint[], $7::int[]) AS h (provider_id, month, budgeted_fen, visits)
       ON CONFLICT ON CONSTRAINT pk_payment_history DO NOTHING RETURNING month`,
      [
        actor.poolArea,
        scheme,
        actor.username,
        months.map((row) => row.providerId),
        months.map((row) => firstDay(row.month)),
        months.map((row) => row.budgeted),
        months.map((row) => row.visits),
      ],
    );
    await Audit.record(tx, actor, {
      action: 'payment.history-recorded',
      subjectKind: 'payment-history',
      subjectId: scheme,
      details: { given: months.length, added: added.length },
    });
    return added.length;
  }
}
