import { Injectable } from '@nestjs/common';
import { type AccountCredit, Claims } from '../claims/index.js';
import type { Tx } from '../common/db/index.js';
import { fen, type Fen } from '../common/money/index.js';
import { type LocalDate, monthOf } from '../common/time/index.js';
import { Roster } from '../enrollment/index.js';
import { Ledger } from '../ledger/index.js';
import { POOL } from './domain/geography.js';
import { coverageOn } from './domain/month-plan.js';
import type { DemoPerson } from './domain/people.js';
import type { Region } from './domain/region.js';
import { DemoSteps } from './demo-steps.js';

const MAKER = 'clerk';
/** Credited to an employee's own account each January, in fen. */
const ACCOUNT_CREDIT = { employed: 120_000, retired: 96_000 } as const;
/** Persons that are in memory, and in one transaction, at a time. */
const CHUNK = 4_000;
/** Lines of one journal; its line number is a small integer. */
const CREDITS_PER_JOURNAL = 2_000;

/** Writes the people, some thousand at a time, and what employees have on their own accounts. */
@Injectable()
export class PeopleLoader {
  constructor(
    private readonly steps: DemoSteps,
    private readonly roster: Roster,
    private readonly claims: Claims,
    private readonly ledger: Ledger,
  ) {}

  /** @returns how many persons the region has */
  async load(region: Region): Promise<number> {
    let part = 0;
    for (const persons of region.people.chunks(CHUNK)) {
      part += 1;
      await this.steps.once(POOL.code, `people:${String(part)}`, region.recipe.today, (tx) =>
        this.roster.insertMany(tx, POOL.code, persons, MAKER),
      );
    }
    return region.people.count;
  }

  /**
   * The yearly credit to employees' accounts: the money moves from premium income to what the fund owes each person.
   * @returns what it comes to
   */
  async credits(region: Region, on: LocalDate): Promise<Fen> {
    let total = 0n;
    let part = 0;
    for (const persons of region.people.chunks(CHUNK)) {
      const credits = persons.flatMap((person) => {
        const amount = creditOf(person, on);
        return amount === null ? [] : [{ personId: person.id, amount }];
      });
      for (const { amount } of credits) total += amount;
      part += 1;
      if (credits.length === 0) continue;
      const step = `credits:${on.slice(0, 4)}:${String(part)}`;
      await this.steps.once(POOL.code, step, on, (tx) => this.credit(tx, on, `${on}-${String(part)}`, credits));
    }
    return fen(total);
  }

  private async credit(tx: Tx, on: LocalDate, name: string, credits: readonly AccountCredit[]): Promise<void> {
    await this.claims.creditAccounts(tx, POOL.code, credits);
    for (let start = 0; start < credits.length; start += CREDITS_PER_JOURNAL) {
      const lines = credits.slice(start, start + CREDITS_PER_JOURNAL).map(({ personId, amount }) => ({
        ...{ debit: '4001', credit: '2101', amount, creditParty: personId },
      }));
      await this.ledger.post(
        tx,
        {
          poolArea: POOL.code,
          scheme: '310',
          period: monthOf(on),
          postedOn: on,
          sourceKind: 'account-credit',
          sourceId: `${name}-${String(start / CREDITS_PER_JOURNAL + 1)}`,
          memo: '个人账户划入',
          lines,
        },
        { username: MAKER, poolArea: POOL.code },
      );
    }
  }
}

function creditOf(person: DemoPerson, on: LocalDate): Fen | null {
  const coverage = coverageOn(person, on);
  if (coverage?.scheme !== '310') return null;
  return fen(coverage.insuredType === 'retired' ? ACCOUNT_CREDIT.retired : ACCOUNT_CREDIT.employed);
}
