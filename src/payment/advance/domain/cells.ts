import { allocate, fen, type Fen, maxFen, sumFen, ZERO_FEN } from '../../../common/money/index.js';
import type { AcceptedCell, Category, Fund } from '../../domain/types.js';

/** One fund × category row of a provider's sheet. */
export interface AdvanceCell {
  readonly fund: Fund;
  readonly category: Category;
  readonly accepted: Fen;
  readonly suspended: Fen;
  readonly asBilled: Fen;
  /** The cell's part of E. */
  readonly eligible: Fen;
  /** The cell's part of what is withheld. */
  readonly withheld: Fen;
}

/** Where an amount without any bill goes, e.g. a fixed quota in a month without visits. */
const DEFAULT_CELL: Pick<AcceptedCell, 'fund' | 'category'> = { fund: 'hifp', category: 'inpatient' };

/**
 * Spreads E and the amount withheld over the provider's cells under the budget, in proportion to their bills, so that
 * the columns sum to E and to the withheld amount to the fen.
 */
export function spreadOverCells(cells: readonly AcceptedCell[], eligible: Fen, withheld: Fen): AdvanceCell[] {
  const rows = hasRoomFor(cells, eligible) ? cells : [...cells, emptyDefault()];
  const bases = rows.map((cell) => (cell.underBudget ? fen(cell.accepted - cell.suspended - cell.special) : ZERO_FEN));
  const shares = sumFen(bases) === eligible ? bases : spread(eligible, bases, rows);
  const kept = spread(withheld, shares, rows);
  return rows.map((cell, index) => ({
    fund: cell.fund,
    category: cell.category,
    accepted: cell.accepted,
    suspended: cell.suspended,
    asBilled: cell.underBudget ? cell.special : fen(cell.accepted - cell.suspended),
    eligible: shares[index] ?? ZERO_FEN,
    withheld: kept[index] ?? ZERO_FEN,
  }));
}

function hasRoomFor(cells: readonly AcceptedCell[], eligible: Fen): boolean {
  return eligible === 0n || cells.some((cell) => cell.underBudget);
}

function emptyDefault(): AcceptedCell {
  return { ...DEFAULT_CELL, accepted: ZERO_FEN, suspended: ZERO_FEN, special: ZERO_FEN, underBudget: true };
}

// Negative cells (more reversals than bills) get no part; when no cell is positive the first one under the budget gets all.
function spread(total: Fen, bases: readonly Fen[], rows: readonly AcceptedCell[]): Fen[] {
  if (total === 0n) return bases.map(() => ZERO_FEN);
  const weights = bases.map((base) => maxFen(base, ZERO_FEN));
  if (sumFen(weights) > 0n) return allocate(total, weights);
  const first = rows.findIndex((cell) => cell.underBudget);
  return bases.map((_, index) => (index === first ? total : ZERO_FEN));
}
