import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { type LocalDate, type Month, nextMonth, yearOf } from '../common/time/index.js';
import type { Scheme } from '../enrollment/index.js';
import { Funding } from '../funding/index.js';
import type { Actor } from '../identity/index.js';
import { MonthCloser, MonthSettlements, type OrderAction, type OrderState, PaymentOrders } from '../payment/index.js';
import { type Actors, dayAfter } from './budget-loader.js';
import { onDay, unlessDone } from './demo-steps.js';
import { POOL } from './domain/geography.js';
import { splitMonths, SOURCES } from './domain/funds.js';

/** How far the demonstration carries a month. */
export type MonthGoal = 'paid' | 'approved-orders' | 'submitted' | 'trial';

/** Days of the following month on which the steps are taken. */
const DAYS = {
  trial: 8,
  submit: 9,
  review: 10,
  approve: 11,
  close: 12,
  orders: 13,
  funds: 14,
  send: 15,
  paid: 18,
} as const;

const ORDER_STEPS: readonly (readonly [OrderAction, OrderState, keyof Actors, number])[] = [
  ['review', 'prepared', 'reviewer', DAYS.orders],
  ['approve', 'reviewed', 'approver', DAYS.orders],
  ['sign-off', 'approved', 'approver', DAYS.orders],
  ['send', 'signed-off', 'clerk', DAYS.send],
  ['paid', 'sent', 'clerk', DAYS.paid],
];

/** Carries months through the payment services as people would: every step by its actor, on its day. */
@Injectable()
export class MonthLoader {
  constructor(
    private readonly months: MonthSettlements,
    private readonly closer: MonthCloser,
    private readonly orders: PaymentOrders,
    private readonly funding: Funding,
    private readonly transactions: Transactions,
  ) {}

  /** Income of a month as it came in, and its way to the fiscal account. Atomic, so it belongs into a step of its own. */
  async receive(tx: Tx, actor: Actor, scheme: Scheme, month: Month, extra: Fen): Promise<void> {
    const on = dayAfter(month, 3);
    const rows = await this.funding.list(tx, { poolArea: POOL.code, scheme, year: yearOf(month) });
    const index = Number(month.slice(5)) - 1;
    let received = 0n;
    for (const source of SOURCES[scheme]) {
      const row = rows.find(({ kind, tier }) => kind === source.kind && tier === source.tier);
      const share = row === undefined ? 0n : (splitMonths(source, row.forecast)[index] ?? 0n);
      // The part for employees' own accounts comes with the premium and is not forecast for the budget.
      const amount = fen(share + (source.kind === 'premium' ? extra : 0n));
      if (row === undefined || amount === 0n) continue;
      const reference = `DEMO-${scheme}-${month}-${source.kind}-${source.tier}`;
      await this.funding.receive(tx, { incomeId: row.id, receivedOn: on, amount, reference }, actor);
      received += amount;
    }
    if (received === 0n) return;
    const sweep = { scheme, from: '1001', to: '1002', movedOn: on, amount: fen(received) };
    await this.funding.transfer(tx, { ...sweep, reference: `DEMO-${scheme}-${month}-上解` }, actor);
  }

  /** Trial, submission, review, approval, close, orders – as far as the goal; goes on from wherever the month stands. */
  async settle(actors: Actors, scheme: Scheme, month: Month, goal: MonthGoal): Promise<void> {
    const on = (day: number): LocalDate => dayAfter(nextMonth(month), day);
    const { monthId } = await onDay(on(DAYS.trial), () =>
      this.months.trial(actors.clerk, { scheme, month }, on(DAYS.trial)),
    );
    if (monthId === null) throw new Error(`the trial of ${scheme} ${month} made no month`);
    if (goal === 'trial') return;
    await this.step(actors.clerk, monthId, 'submit', on(DAYS.submit));
    if (goal === 'submitted') return;
    await this.step(actors.reviewer, monthId, 'review', on(DAYS.review));
    await this.step(actors.approver, monthId, 'approve', on(DAYS.approve));
    const closed = await onDay(on(DAYS.close), () =>
      this.transactions.run((tx) => this.closer.close(tx, actors.approver, monthId, on(DAYS.close))),
    );
    await this.fund(actors.clerk, scheme, month, closed.paid, on(DAYS.funds));
    await this.pay(actors, monthId, month, goal === 'paid' ? 'paid' : 'approve');
  }

  /** Pays the orders of a closed month or clearing, up to and including a step. */
  async pay(actors: Actors, sourceId: string, month: Month, upTo: OrderAction): Promise<void> {
    for (const [action, from, who, day] of ORDER_STEPS) {
      const today = dayAfter(nextMonth(month), day);
      const bank = action === 'paid' ? { bankReference: `DEMO-BANK-${month}` } : {};
      await onDay(today, () =>
        this.transactions.run((tx) => this.orders.stepAll(tx, actors[who], sourceId, { action, today, ...bank }, from)),
      );
      if (action === upTo) return;
    }
  }

  /** Moves what the orders need from the fiscal to the expenditure account; once per month and scheme. */
  async fund(actor: Actor, scheme: Scheme, month: Month, amount: Fen, on: LocalDate, what = '拨款'): Promise<void> {
    if (amount <= 0n) return;
    const transfer = { scheme, from: '1002', to: '1003', movedOn: on, amount };
    await unlessDone(['funding.reference-used'], () =>
      onDay(on, () =>
        this.transactions.run((tx) =>
          this.funding.transfer(tx, { ...transfer, reference: `DEMO-${scheme}-${month}-${what}` }, actor),
        ),
      ),
    );
  }

  private async step(
    actor: Actor,
    monthId: string,
    action: 'submit' | 'review' | 'approve',
    on: LocalDate,
  ): Promise<void> {
    await unlessDone(['payment.wrong-state'], () =>
      onDay(on, () => this.transactions.run((tx) => this.months.step(tx, actor, monthId, action))),
    );
  }
}
