import type { BillLine } from '../../claims/index.js';
import type { Accumulators, BenefitInput, BenefitLine } from '../../benefits/index.js';
import { fen, type Fen, rate } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import { lineOf } from './bill-lines.js';
import type { Care } from './care.js';
import type { DemoItem, ItemUse } from './catalogue.js';
import type { Random } from './random.js';

/** The benefits engine as the generator needs it: pure, with the policies of the region. */
export interface BenefitDesk {
  settle(input: BenefitInput): { readonly fundPaySum: Fen; readonly after: Accumulators };
  /** Nothing used up yet. */
  readonly start: Accumulators;
}

/** A bill of the past before its lines are made: what the engine is asked about it, and what it costs. */
export interface PastCase {
  /** Position of the person. */
  readonly person: number;
  readonly input: Omit<BenefitInput, 'lines' | 'accumulators'>;
  readonly cost: number;
}

/** Share of a bill's cost that may lie outside the schemes. */
const MOST_OWN_PAY = 0.9;
const FIRST_GUESS = 0.14;
/** A smaller part than this is not worth a line of its own, in fen. */
const LEAST_LINE = 100;
const WEIGHTS: Readonly<Record<Care, readonly (readonly [ItemUse, number])[]>> = {
  inpatient: [
    ['bed', 0.12],
    ['drug', 0.38],
    ['laboratory', 0.16],
    ['treatment', 0.34],
  ],
  outpatient: [
    ['laboratory', 0.3],
    ['drug', 0.7],
  ],
  chronic: [
    ['laboratory', 0.2],
    ['drug', 0.8],
  ],
  pharmacy: [['drug', 1]],
};
const MOST_UNITS = 60;
const IN_SCOPE = { class: 'A', selfpayRate: rate('0') } as const;
const OWN_PAY = { class: 'C', selfpayRate: rate('1') } as const;

/**
 * Leads what the funds pay for a month of the past to the amount it had, by the one thing that is free: how much of the
 * cost lies outside the schemes (own-pay items). The engine alone computes what is paid; nothing is changed afterwards.
 */
export class PastFunds {
  private readonly used = new Map<number, Accumulators>();
  private share = FIRST_GUESS;

  constructor(private readonly desk: BenefitDesk) {}

  /** A new year: nobody has used up anything. */
  turn(): void {
    this.used.clear();
  }

  /**
   * Finds the own-pay share with which the cases come to `wanted`, and remembers what the persons have used up by it.
   * @param tolerance how far from it is near enough, as a part of one; what is missed is the caller's to carry on
   */
  lead(cases: readonly PastCase[], wanted: Fen, tolerance: number, tries: number): { share: number; fund: Fen } {
    const near = Math.max(1, Number(wanted) * tolerance);
    let [low, high] = [0, MOST_OWN_PAY];
    let share = Math.min(high, Math.max(low, this.share));
    let result = this.tryShare(cases, share);
    let slope = -Number(result.fund) / (1 - share);
    for (let turn = 1; turn < tries; turn += 1) {
      const miss = Number(wanted - result.fund);
      if (Math.abs(miss) <= near) break;
      if (miss < 0) low = share;
      else high = share;
      let next = slope < 0 ? share + miss / slope : (low + high) / 2;
      if (!(next > low && next < high))
        next = next >= high && high === MOST_OWN_PAY ? high : next <= low && low === 0 ? low : (low + high) / 2;
      if (Math.abs(next - share) < 1e-12) break;
      const before = { share, fund: result.fund };
      share = next;
      result = this.tryShare(cases, share);
      slope = Number(result.fund - before.fund) / (share - before.share);
    }
    for (const [person, after] of result.after) this.used.set(person, after);
    this.share = share;
    return { share, fund: result.fund };
  }

  private tryShare(cases: readonly PastCase[], share: number): { fund: Fen; after: Map<number, Accumulators> } {
    const after = new Map<number, Accumulators>();
    let fund = 0n;
    for (const { person, input, cost } of cases) {
      const accumulators = after.get(person) ?? this.used.get(person) ?? this.desk.start;
      const result = this.desk.settle({ ...input, lines: linesOf(cost, share), accumulators });
      fund += result.fundPaySum;
      after.set(person, result.after);
    }
    return { fund: fen(fund), after };
  }
}

function linesOf(cost: number, share: number): BenefitLine[] {
  const own = ownPart(cost, share);
  const lines = [{ ...IN_SCOPE, part: cost - own }, ...(own > 0 ? [{ ...OWN_PAY, part: own }] : [])];
  return lines.map(({ part, class: itemClass, selfpayRate }, index) => ({
    ...{ lineNo: index + 1, itemCode: '-', class: itemClass, selfpayRate, amount: fen(part) },
    ...{ quantity: '1', unitPrice: (part / 100).toFixed(2) },
  }));
}

function ownPart(cost: number, share: number): number {
  const own = Math.round(cost * share);
  return own < LEAST_LINE ? 0 : Math.min(own, cost - LEAST_LINE);
}

/** Makes the lines of past bills: to the fen, in scope without reserve, or wholly the person's. */
export class PastLines {
  private readonly inScope: ReadonlyMap<ItemUse, readonly DemoItem[]>;
  private readonly ownPay: readonly DemoItem[];

  constructor(items: readonly DemoItem[]) {
    const plain = items.filter(({ special, ceilings }) => special === null && ceilings.length === 0);
    const wholly = plain.filter((item) => item.class === 'A');
    const drugs = wholly.filter(({ use }) => use === 'drug');
    const uses = ['bed', 'drug', 'laboratory', 'treatment'] as const;
    this.inScope = new Map(
      uses.map((use) => {
        const fitting = wholly.filter((item) => item.use === use);
        return [use, fitting.length > 0 ? fitting : drugs];
      }),
    );
    this.ownPay = plain.filter((item) => item.class === 'C');
  }

  of(random: Random, care: Care, cost: number, share: number, on: LocalDate): BillLine[] {
    const own = ownPart(cost, share);
    const lines: BillLine[] = [];
    const weights = WEIGHTS[care];
    let left = cost - own;
    weights.forEach(([use, weight], index) => {
      const isLast = index === weights.length - 1;
      const part = isLast ? left : Math.min(left, Math.floor((cost - own) * weight));
      const item = nearest(random, this.inScope.get(use) ?? [], part);
      // The last line takes what the others leave, to the fen, as one unit.
      const quantity = isLast ? 1 : Math.min(MOST_UNITS, Math.max(1, Math.round(part / Number(item.referencePrice))));
      const price = Math.floor(part / quantity);
      if (price === 0) return;
      lines.push(lineOf(lines.length + 1, item.code, fen(price), quantity, on));
      left -= price * quantity;
    });
    if (own > 0) lines.push(lineOf(lines.length + 1, nearest(random, this.ownPay, own).code, fen(own), 1, on));
    return lines;
  }
}

function nearest(random: Random, items: readonly DemoItem[], part: number): DemoItem {
  const gap = (item: DemoItem): number => Math.abs(Number(item.referencePrice) * 20 - part);
  const [one, other] = [random.pick(items), random.pick(items)];
  return gap(other) < gap(one) ? other : one;
}
