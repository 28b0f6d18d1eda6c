import { Injectable } from '@nestjs/common';
import { yearOf } from '../common/time/index.js';
import { DemoBenefits } from './benefit-desk.js';
import { BillLoader } from './bill-loader.js';
import type { Actors } from './budget-loader.js';
import type { Region } from './domain/region.js';
import { PastLoader } from './past-loader.js';
import type { Timed } from './progress.js';

/** Brings all bills of the region, month by month, and closes the years of the past behind them. */
@Injectable()
export class CounterLoader {
  constructor(
    private readonly bills: BillLoader,
    private readonly past: PastLoader,
    private readonly benefits: DemoBenefits,
  ) {}

  async load(region: Region, actors: Actors, timed: Timed): Promise<void> {
    const { today } = region.recipe;
    const stream = region.bills(this.benefits);
    for (const month of stream.months()) {
      const isPast = stream.isPast(month);
      const year = yearOf(month);
      if (isPast && month.endsWith('-01')) {
        await timed('past', `partitions of ${String(year)}`, async () => {
          await this.past.partitions(year, today);
          return 0;
        });
      }
      await timed('bills', month, async () => {
        const count = await this.bills.month(stream, month, today);
        await this.bills.reverse(actors.clerk, month, stream.reversals);
        return count;
      });
      if (isPast && month.endsWith('-12')) {
        await timed('past', `books of ${String(year)}`, async () => {
          await this.past.takeOver(actors.clerk, actors.approver, year);
          return 0;
        });
      }
    }
  }
}
