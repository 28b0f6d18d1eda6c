import type { BillLine } from '../../claims/index.js';
import { fen, type Fen, yuanText } from '../../common/money/index.js';
import type { LocalDate } from '../../common/time/index.js';
import type { Care } from './care.js';
import type { DemoItem, ItemUse } from './catalogue.js';
import type { DemoInstitution } from './institutions.js';
import type { Random } from './random.js';

const PRICE_PERMILLE = { tertiary: 1060, secondary: 1000, primary: 940 } as const;

/** What the lines of a bill are made for. */
export interface LinesFor {
  readonly care: Care;
  readonly provider: DemoInstitution;
  readonly chronicCode: string | null;
  readonly days: number;
  readonly on: LocalDate;
}

type AddLine = (use: ItemUse, wanted: number, maxQuantity: number) => void;

/** Makes the lines of bills from the catalogue, near a wanted cost. */
export class BillLines {
  private readonly items: ReadonlyMap<ItemUse, readonly DemoItem[]>;

  constructor(items: readonly DemoItem[]) {
    const byUse = new Map<ItemUse, DemoItem[]>();
    for (const item of items) byUse.set(item.use, [...(byUse.get(item.use) ?? []), item]);
    this.items = byUse;
  }

  /** Lines that cost about `cost` fen together. */
  of(random: Random, { care, provider, chronicCode, days, on }: LinesFor, cost: number): BillLine[] {
    const lines: BillLine[] = [];
    const add: AddLine = (use, wanted, maxQuantity) => {
      const item = this.fitting(random, use, wanted, maxQuantity);
      const unit = Math.round((Number(item.referencePrice) * PRICE_PERMILLE[provider.priceLevel]) / 1000);
      const quantity = Math.min(maxQuantity, Math.max(1, Math.round(wanted / unit)));
      lines.push(lineOf(lines.length + 1, item.code, fen(unit), quantity, on));
    };
    if (care !== 'pharmacy') add('consultation', 1_500 * days, days);
    if (care === 'inpatient') inpatientLines(random, add, cost, days);
    if (care === 'outpatient') outpatientLines(random, add, cost);
    if (care === 'pharmacy') for (let line = random.int(2, 4); line > 0; line -= 1) add('drug', cost / 3, 4);
    if (care === 'chronic') chronicLines(random, add, cost, chronicCode === 'M00500');
    return lines;
  }

  /** An item whose price lets the wanted amount be reached: the best of a few draws. */
  private fitting(random: Random, use: ItemUse, wanted: number, maxQuantity: number): DemoItem {
    const items = this.items.get(use) ?? [];
    let best = random.pick(items);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const other = random.pick(items);
      if (missOf(other, wanted, maxQuantity) < missOf(best, wanted, maxQuantity)) best = other;
    }
    return best;
  }
}

function inpatientLines(random: Random, add: AddLine, cost: number, days: number): void {
  add('bed', 4_000 * days, days);
  add('nursing', 2_400 * days, days);
  const rest = Math.max(20_000, cost - 8_000 * days);
  const surgical = random.chance(330);
  if (surgical) {
    add('operation', rest * 0.38, 1);
    add('consumable', rest * 0.18, 3);
  }
  const left = surgical ? rest * 0.44 : rest;
  add('laboratory', left * 0.16, 4);
  add('imaging', left * 0.2, 2);
  add('treatment', left * 0.16, days * 2);
  for (let line = 0; line < 3; line += 1) add('drug', left * 0.16, days * 3);
}

function outpatientLines(random: Random, add: AddLine, cost: number): void {
  if (random.chance(550)) add('laboratory', cost * 0.3, 2);
  if (random.chance(280)) add('imaging', cost * 0.5, 1);
  if (random.chance(300)) add('treatment', cost * 0.2, 3);
  for (let line = random.int(2, 6); line > 0; line -= 1) add('drug', cost * 0.16, 5);
}

function chronicLines(random: Random, add: AddLine, cost: number, isTumour: boolean): void {
  if (isTumour && random.chance(160)) add('special-drug', 400_000, 1);
  for (let line = random.int(3, 6); line > 0; line -= 1) {
    add(random.chance(600) ? 'chronic-drug' : 'drug', cost / 4.5, 6);
  }
  add('laboratory', cost / 6, 1);
}

function missOf(item: DemoItem, wanted: number, maxQuantity: number): number {
  const price = Number(item.referencePrice);
  const reached = price * Math.min(maxQuantity, Math.max(1, Math.round(wanted / price)));
  return Math.abs(reached - wanted);
}

/** One line; its amount is price × quantity. */
export function lineOf(lineNo: number, itemCode: string, price: Fen, quantity: number, feeDate: LocalDate): BillLine {
  const amount = fen(price * BigInt(quantity));
  return { lineNo, itemCode, quantity: String(quantity), unitPrice: yuanText(price), amount, feeDate };
}
