import { DomainError } from '../../common/errors/index.js';
import { type Fen, sumFen } from '../../common/money/index.js';
import type { LocalDate, Month } from '../../common/time/index.js';
import { ledgerErrors } from '../errors.js';

/** One line: the amount goes from the credit account to the debit account. A pair cannot be unbalanced. */
export interface LedgerLine {
  /** Account code, e.g. '5001'. */
  readonly debit: string;
  readonly credit: string;
  readonly amount: Fen;
  /** Provider or person, where the account is kept by party (1201, 1202, 2001, 2002, 2004: provider; 2101: person). */
  readonly debitParty?: string | null;
  readonly creditParty?: string | null;
}

/** One business event as the books see it. */
export interface Journal {
  readonly poolArea: string;
  /** '310' employee, '390' resident. */
  readonly scheme: string;
  readonly period: Month;
  readonly postedOn: LocalDate;
  /** What happened, e.g. `month-close`; with `sourceId` it is posted once. */
  readonly sourceKind: string;
  readonly sourceId: string;
  /** The one person the journal is about, where there is one; left out = made from `sourceId`. Says where it is kept. */
  readonly ownerId?: string;
  readonly memo?: string;
  readonly lines: readonly LedgerLine[];
}

/**
 * The lines to write: those of zero fen say nothing and are left out.
 * @throws DomainError `ledger.bad-line` for a negative amount or a line from an account to itself, `ledger.empty-journal`
 */
export function postableLines(lines: readonly LedgerLine[]): LedgerLine[] {
  for (const [index, line] of lines.entries()) {
    const reason = faultOf(line);
    if (reason !== undefined) throw new DomainError(ledgerErrors['bad-line'], { line: index + 1, reason });
  }
  const kept = lines.filter((line) => line.amount > 0n);
  if (kept.length === 0) throw new DomainError(ledgerErrors['empty-journal']);
  return kept;
}

function faultOf(line: LedgerLine): string | undefined {
  if (line.amount < 0n) return '金额为负 amount below zero';
  const sameParty = (line.debitParty ?? null) === (line.creditParty ?? null);
  return line.debit === line.credit && sameParty ? '借贷同户 an account to itself' : undefined;
}

/** Σ of the lines, as the head of the journal states it. */
export function totalOf(lines: readonly LedgerLine[]): Fen {
  return sumFen(lines.map((line) => line.amount));
}

/** The same amounts with debit and credit swapped: what undoes a journal. */
export function swapped(lines: readonly LedgerLine[]): LedgerLine[] {
  return lines.map((line) => ({
    debit: line.credit,
    credit: line.debit,
    amount: line.amount,
    debitParty: line.creditParty ?? null,
    creditParty: line.debitParty ?? null,
  }));
}
