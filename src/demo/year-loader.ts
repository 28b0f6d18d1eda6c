import { Injectable } from '@nestjs/common';
import { Transactions, type Tx } from '../common/db/index.js';
import { fen } from '../common/money/index.js';
import { type LocalDate, type Month, monthsOfYear, parseLocalDate, parseMonth } from '../common/time/index.js';
import type { Scheme } from '../enrollment/index.js';
import { Ledger } from '../ledger/index.js';
import { Assessments, ClearingCloser, Clearings, Deductions, Readmissions } from '../payment/index.js';
import type { Actors } from './budget-loader.js';
import { onDay, unlessDone } from './demo-steps.js';
import { POOL } from './domain/geography.js';
import type { DemoInstitution } from './domain/institutions.js';
import type { Random } from './domain/random.js';
import { MonthLoader } from './month-loader.js';

const DEDUCTION_REASONS = [
  '超限定支付范围用药',
  '重复收费',
  '串换诊疗项目',
  '低标准入院',
  '过度检查',
  '分解住院',
] as const;
const REVIEW_REASONS = { reasonable: '分期手术，符合诊疗规范', unreasonable: '同病种短期再入院，无新增指征' } as const;
const LIMIT = { limit: 200, after: undefined };

/** The clearing of a year through the payment services, and the end of its books. */
@Injectable()
export class YearClearing {
  constructor(
    private readonly clearings: Clearings,
    private readonly closer: ClearingCloser,
    private readonly months: MonthLoader,
    private readonly ledger: Ledger,
    private readonly transactions: Transactions,
  ) {}

  async clear(actors: Actors, scheme: Scheme, year: number): Promise<void> {
    const on = (day: number): LocalDate => parseLocalDate(`${String(year + 1)}-03-${String(day).padStart(2, '0')}`);
    const { clearingId } = await onDay(on(20), () => this.clearings.trial(actors.clerk, { scheme, year }));
    if (clearingId === null) throw new Error(`the trial of ${scheme} ${String(year)} made no clearing`);
    await this.step(actors, clearingId, 'submit', on(22));
    await this.step(actors, clearingId, 'review', on(24));
    await this.step(actors, clearingId, 'approve', on(26));
    const { paid } = await onDay(on(27), () =>
      this.transactions.run((tx) => this.closer.close(tx, actors.approver, clearingId, on(27))),
    );
    const march = parseMonth(`${String(year + 1)}-03`);
    await this.months.fund(actors.clerk, scheme, march, paid, on(28), '清算拨款');
    await this.months.pay(actors, clearingId, march, 'paid');
    await this.closeBooks(actors, scheme, year);
  }

  // A year that is cleared takes no more postings.
  private async closeBooks(actors: Actors, scheme: Scheme, year: number): Promise<void> {
    const today = parseLocalDate(`${String(year + 1)}-04-30`);
    for (const period of monthsOfYear(year)) {
      await onDay(today, () =>
        this.transactions.run((tx) =>
          this.ledger.closePeriod(tx, { poolArea: POOL.code, scheme, period }, today, actors.approver),
        ),
      );
    }
  }

  private async step(
    actors: Actors,
    id: string,
    action: 'submit' | 'review' | 'approve',
    on: LocalDate,
  ): Promise<void> {
    const actor = { submit: actors.clerk, review: actors.reviewer, approve: actors.approver }[action];
    await unlessDone(['payment.wrong-state'], () =>
      onDay(on, () => this.transactions.run((tx) => this.clearings.step(tx, actor, id, action))),
    );
  }
}

/** What happens once a year or now and then: deductions, assessments, readmission reviews, the clearing of a year. */
@Injectable()
export class YearLoader {
  constructor(
    private readonly deductions: Deductions,
    private readonly assessments: Assessments,
    private readonly readmissions: Readmissions,
    private readonly clearings: YearClearing,
  ) {}

  /** One or two deductions of a month; `decided` = by the second person too, else they wait for the decision. */
  async deduct(
    tx: Tx,
    actors: Actors,
    key: { scheme: Scheme; month: Month; on: LocalDate; decided: boolean },
    providers: readonly DemoInstitution[],
    random: Random,
  ): Promise<void> {
    // The first hospital stays without deductions, so that its use of the budget reads off directly.
    const hospitals = providers.filter(({ type }, index) => type === 'hospital' && index > 0);
    for (let count = random.int(1, 2); count > 0; count -= 1) {
      const id = await this.deductions.propose(tx, actors.inspector, {
        providerId: random.pick(hospitals).id,
        scheme: key.scheme,
        month: key.month,
        amount: fen(random.int(20_000, 480_000)),
        reason: random.pick(DEDUCTION_REASONS),
        document: `丽医保核〔${key.month.slice(0, 4)}〕${String(random.int(1, 300))}号`,
      });
      if (!key.decided) continue;
      const decision = { uphold: true, opinion: '事实清楚，予以扣款', today: key.on };
      await this.deductions.decide(tx, actors.reviewer, id, decision);
    }
  }

  /** Assesses every institution for a year: scored by one, confirmed by another. */
  async assess(
    tx: Tx,
    actors: Actors,
    year: number,
    providers: readonly DemoInstitution[],
    random: Random,
  ): Promise<void> {
    for (const provider of providers) {
      const score = random.chance(180) ? random.int(72, 84) : random.int(86, 99);
      const id = await this.assessments.score(tx, actors.clerk, {
        providerId: provider.id,
        year,
        score: String(score),
        gradeIndex: score >= 95 ? '1.05' : score >= 85 ? '1.00' : '0.95',
        complaints: random.chance(40) ? 1 : 0,
        evidence: '年度考核评分表',
      });
      await this.assessments.confirm(tx, actors.reviewer, id);
    }
  }

  /** Finds the readmissions of a year; `decide` judges them all. */
  async review(
    tx: Tx,
    actors: Actors,
    key: { scheme: Scheme; year: number; on: LocalDate; decide: boolean },
  ): Promise<void> {
    await this.readmissions.find(tx, actors.clerk, key);
    if (!key.decide) return;
    for (;;) {
      const items = await this.readmissions.list(tx, actors.inspector, { ...key, state: 'open' }, LIMIT);
      for (const [index, item] of items.entries()) {
        const reasonable = index % 3 !== 0;
        const reason = REVIEW_REASONS[reasonable ? 'reasonable' : 'unreasonable'];
        await this.readmissions.decide(tx, actors.inspector, item.id, {
          reasonable,
          reason,
          evidence: '病历首页',
          today: key.on,
        });
      }
      if (items.length === 0) return;
    }
  }

  /** Clears a year and pays what it owes; goes on from wherever the clearing stands. */
  clear(actors: Actors, scheme: Scheme, year: number): Promise<void> {
    return this.clearings.clear(actors, scheme, year);
  }
}
