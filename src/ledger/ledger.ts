import { Injectable } from '@nestjs/common';
import { constraintOf, isUniqueViolation, sqlState, type Tx } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { uuid7 } from '../common/ids/index.js';
import type { Fen } from '../common/money/index.js';
import { firstDay, type LocalDate, type Month, monthOf } from '../common/time/index.js';
import { type Journal, type LedgerLine, postableLines, swapped, totalOf } from './domain/journal.js';
import { ledgerErrors } from './errors.js';

/** Who posts. Every `Actor` of identity is one. */
export interface Poster {
  readonly username: string;
  readonly poolArea: string;
}

/** A period that was closed, with the seal that the database put on it. */
export interface ClosedPeriod {
  readonly poolArea: string;
  readonly scheme: string;
  readonly period: Month;
  readonly closedBy: string;
  readonly closedAt: Date;
  readonly journalCount: bigint;
  readonly lineCount: bigint;
  readonly total: Fen;
  /** SHA-256 over every journal and line of the period. */
  readonly contentHash: string;
}

/** Which journal to undo, and where the undoing is posted. */
export interface Reversal {
  readonly poolArea: string;
  readonly sourceKind: string;
  readonly sourceId: string;
  /** As the journal was posted with. */
  readonly ownerId?: string;
  readonly period: Month;
  readonly postedOn: LocalDate;
  readonly memo?: string;
}

const PERIOD_CLOSED = 'TC003';
const LINE_REFUSED = 'TC004';
/** PostgreSQL's "no partition of relation found for row". */
const CHECK_VIOLATION = '23514';

/** The owner of a journal: the person given, else made from its source. The arguments are placeholders. */
const OWNER = (person: string, source: string): string => `coalesce(${person}::uuid, owner_of(${source}))`;

const POST = `
  WITH head AS (
    INSERT INTO ledger_journal (pool_area, period, id, scheme, posted_on, source_kind, source_id, memo, line_count,
      total_fen, posted_by, owner_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, ${OWNER('$17', '$7')})
  )
  INSERT INTO ledger_line (pool_area, owner_id, period, journal_id, line_no, scheme, debit_account, credit_account, debit_party,
    credit_party, amount_fen)
  SELECT $1, ${OWNER('$17', '$7')}, $2, $3, l.n, $4, l.debit, l.credit, l.debit_party, l.credit_party, l.amount
  FROM unnest($12::text[], $13::text[], $14::uuid[], $15::uuid[], $16::bigint[])
    WITH ORDINALITY AS l (debit, credit, debit_party, credit_party, amount, n)`;

/** The books' door: post, undo, close. Reading is in `LedgerBalances`. */
@Injectable()
export class Ledger {
  /**
   * Posts one business event, in the transaction in which it happened, and returns the id of the journal. Lines of zero
   * are left out. What the database holds against it (see migration 0002) comes back as a refusal in words.
   * @throws DomainError `ledger.period-closed`, `ledger.already-posted`, `ledger.bad-line`, `ledger.empty-journal`,
   *   `ledger.no-such-month`
   */
  async post(tx: Tx, journal: Journal, actor: Poster): Promise<string> {
    const lines = postableLines(journal.lines);
    await this.refuseSecondPosting(tx, journal);
    const id = uuid7();
    try {
      await tx.named('ledger.post', POST, [
        journal.poolArea,
        firstDay(journal.period),
        id,
        journal.scheme,
        journal.postedOn,
        journal.sourceKind,
        journal.sourceId,
        journal.memo ?? '',
        lines.length,
        totalOf(lines),
        actor.username,
        lines.map((line) => line.debit),
        lines.map((line) => line.credit),
        lines.map((line) => line.debitParty ?? null),
        lines.map((line) => line.creditParty ?? null),
        lines.map((line) => line.amount),
        journal.ownerId ?? null,
      ]);
    } catch (error) {
      throw inWords(error, journal);
    }
    return id;
  }

  /**
   * Undoes what was posted for an event: the same amounts, debit and credit swapped, as source kind `…-reversal`. It may
   * go into a later period; the original stays as it is. Once only.
   * @throws DomainError `ledger.not-found`, `ledger.already-posted`, `ledger.period-closed`
   */
  async reverse(tx: Tx, reversal: Reversal, actor: Poster): Promise<string> {
    const { poolArea, sourceKind, sourceId, period, postedOn } = reversal;
    const original = await tx.maybe<{ scheme: string; period: LocalDate; id: string; memo: string; owner: string }>(
      `SELECT scheme, period, id, memo, owner_id AS owner FROM ledger_journal
       WHERE pool_area = $1 AND source_kind = $2 AND source_id = $3 AND owner_id = ${OWNER('$4', '$3')}`,
      [poolArea, sourceKind, sourceId, reversal.ownerId ?? null],
    );
    if (original === undefined) throw new DomainError(ledgerErrors['not-found']);
    const lines = swapped(await linesOf(tx, poolArea, original.period, original.id));
    const memo = reversal.memo ?? original.memo;
    const { scheme, owner: ownerId } = original;
    const journal = { poolArea, scheme, period, postedOn, sourceId, ownerId, memo, lines };
    return this.post(tx, { ...journal, sourceKind: `${sourceKind}-reversal` }, actor);
  }

  /**
   * Closes a period for good and returns its seal; a period that was closed before keeps the seal it has. Waits for
   * postings under way; those that come later are refused by the database.
   * @param today the business day: a month is closed after it is over
   * @throws DomainError `ledger.period-not-over`
   */
  async closePeriod(
    tx: Tx,
    target: { poolArea: string; scheme: string; period: Month },
    today: LocalDate,
    actor: Poster,
  ): Promise<ClosedPeriod> {
    const { poolArea, scheme, period } = target;
    if (period >= monthOf(today)) throw new DomainError(ledgerErrors['period-not-over'], { period });
    // The figures and the hash are set by the trigger that seals the row, under the period's exclusive lock.
    await tx.query(
      `INSERT INTO ledger_period (pool_area, scheme, period, closed_by, journal_count, line_count, total_fen, content_hash)
       VALUES ($1, $2, $3, $4, 0, 0, 0, repeat('0', 64)) ON CONFLICT ON CONSTRAINT pk_ledger_period DO NOTHING`,
      [poolArea, scheme, firstDay(period), actor.username],
    );
    const [closed] = await closedPeriods(tx, { poolArea, scheme, period });
    if (closed === undefined) throw new Error(`period ${period} of ${scheme} was not closed`);
    return closed;
  }

  /** Whether a period takes no posting any more. */
  async isClosed(tx: Tx, target: { poolArea: string; scheme: string; period: Month }): Promise<boolean> {
    return (await closedPeriods(tx, target)).length > 0;
  }

  // The unique key holds within a month only (it must name the partition); this looks at all months.
  private async refuseSecondPosting(tx: Tx, { poolArea, sourceKind, sourceId, ownerId }: Journal): Promise<void> {
    const there = await tx.named(
      'ledger.posted',
      `SELECT FROM ledger_journal
       WHERE pool_area = $1 AND source_id = $2 AND source_kind = $3 AND owner_id = ${OWNER('$4', '$2')} LIMIT 1`,
      [poolArea, sourceId, sourceKind, ownerId ?? null],
    );
    if (there.length > 0) throw new DomainError(ledgerErrors['already-posted'], { sourceKind, sourceId });
  }
}

interface PeriodRow {
  pool_area: string;
  scheme: string;
  period: LocalDate;
  closed_by: string;
  closed_at: Date;
  journal_count: bigint;
  line_count: bigint;
  total_fen: Fen;
  content_hash: string;
}

/** Closed periods of a pool, newest first; of one scheme and month where these are given. */
export async function closedPeriods(
  tx: Tx,
  filter: { poolArea: string; scheme?: string | undefined; period?: Month | undefined },
): Promise<ClosedPeriod[]> {
  const rows = await tx.query<PeriodRow>(
    `SELECT pool_area, scheme, period, closed_by, closed_at, journal_count, line_count, total_fen, content_hash
     FROM ledger_period
     WHERE pool_area = $1 AND ($2::text IS NULL OR scheme = $2) AND ($3::date IS NULL OR period = $3)
     ORDER BY period DESC, scheme LIMIT 500`,
    [filter.poolArea, filter.scheme ?? null, filter.period === undefined ? null : firstDay(filter.period)],
  );
  return rows.map((row) => ({
    poolArea: row.pool_area,
    scheme: row.scheme,
    period: monthOf(row.period),
    closedBy: row.closed_by,
    closedAt: row.closed_at,
    journalCount: row.journal_count,
    lineCount: row.line_count,
    total: row.total_fen,
    contentHash: row.content_hash,
  }));
}

/** The lines of one journal in their order. */
export async function linesOf(tx: Tx, poolArea: string, period: LocalDate, journalId: string): Promise<LedgerLine[]> {
  return tx.query<LedgerLine>(
    `SELECT debit_account AS debit, credit_account AS credit, amount_fen AS amount, debit_party AS "debitParty",
       credit_party AS "creditParty"
     FROM ledger_line WHERE pool_area = $1 AND period = $2 AND journal_id = $3 ORDER BY line_no`,
    [poolArea, period, journalId],
  );
}

function inWords(error: unknown, journal: Journal): unknown {
  const { period, scheme, sourceKind, sourceId } = journal;
  const state = sqlState(error);
  if (state === PERIOD_CLOSED) return new DomainError(ledgerErrors['period-closed'], { period, scheme });
  if (isUniqueViolation(error) && constraintOf(error)?.startsWith('ledger_journal_') === true) {
    return new DomainError(ledgerErrors['already-posted'], { sourceKind, sourceId });
  }
  if (state === LINE_REFUSED) return new DomainError(ledgerErrors['bad-line'], { line: '?', reason: messageOf(error) });
  if (state === CHECK_VIOLATION && messageOf(error).startsWith('no partition')) {
    return new DomainError(ledgerErrors['no-such-month'], { period });
  }
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
