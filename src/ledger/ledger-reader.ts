import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { type Fen, yuanText } from '../common/money/index.js';
import { Clock, firstDay, type LocalDate, monthOf, parseMonth } from '../common/time/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { outOfBalance } from './domain/trial-balance.js';
import type {
  ClosePeriodDto,
  JournalDto,
  JournalHeadDto,
  JournalQueryDto,
  PeriodDto,
  PeriodQueryDto,
  TrialBalanceDto,
  TrialBalanceQueryDto,
} from './dto/ledger.dto.js';
import { ledgerErrors } from './errors.js';
import { LedgerBalances } from './ledger-balances.js';
import { type ClosedPeriod, closedPeriods, Ledger, linesOf } from './ledger.js';

/** The fields of a DTO as a plain object. */
type Plain<T> = { [K in keyof T]: T[K] };

interface HeadRow {
  id: string;
  period: LocalDate;
  scheme: string;
  posted_on: LocalDate;
  source_kind: string;
  source_id: string;
  memo: string;
  line_count: number;
  total_fen: Fen;
  posted_by: string;
  created_at: Date;
}

const HEAD = `id, period, scheme, posted_on, source_kind, source_id, memo, line_count, total_fen, posted_by, created_at`;

/** The use cases behind the ledger's pages: what the books say, and closing a period by hand. */
@Injectable()
export class LedgerReader {
  constructor(
    private readonly transactions: Transactions,
    private readonly ledger: Ledger,
    private readonly balances: LedgerBalances,
    private readonly clock: Clock,
  ) {}

  trialBalance(actor: Actor, query: TrialBalanceQueryDto): Promise<TrialBalanceDto> {
    const upTo = query.upTo === undefined ? undefined : parseMonth(query.upTo);
    return this.transactions.read(async (tx) => {
      const rows = await this.balances.trialBalance(tx, { poolArea: actor.poolArea, scheme: query.scheme, upTo });
      return {
        poolArea: actor.poolArea,
        scheme: query.scheme ?? null,
        upTo: query.upTo ?? null,
        outOfBalance: yuanText(outOfBalance(rows)),
        accounts: rows.map((row) => ({
          ...row,
          debit: yuanText(row.debit),
          credit: yuanText(row.credit),
          balance: yuanText(row.balance),
        })),
      };
    });
  }

  journals(actor: Actor, query: JournalQueryDto): Promise<Page<JournalHeadDto>> {
    const { limit, after } = pageOf.query(query, 1);
    return this.transactions.read(async (tx) => {
      const rows = await tx.query<HeadRow>(
        `SELECT ${HEAD} FROM ledger_journal
         WHERE pool_area = $1 AND period = $2 AND ($3::text IS NULL OR scheme = $3) AND ($4::text IS NULL OR source_kind = $4)
           AND ($5::text IS NULL OR source_id = $5) AND ($6::uuid IS NULL OR id > $6)
         ORDER BY id LIMIT $7`,
        [
          actor.poolArea,
          firstDay(parseMonth(query.period)),
          query.scheme ?? null,
          query.sourceKind ?? null,
          query.sourceId ?? null,
          after?.[0] ?? null,
          limit + 1,
        ],
      );
      return pageOf.page(rows, limit, (row) => [row.id], headOf);
    });
  }

  /** One journal with its lines. Lines on personal accounts name persons, so looking is audited. */
  journal(actor: Actor, id: string): Promise<JournalDto> {
    return this.transactions.run(async (tx) => {
      const head = await findHead(tx, actor.poolArea, id);
      if (head === undefined) throw new DomainError(ledgerErrors['not-found']);
      const lines = await linesOf(tx, actor.poolArea, head.period, id);
      const personIds = lines.flatMap((line) => [
        ...(line.debit === '2101' && line.debitParty ? [line.debitParty] : []),
        ...(line.credit === '2101' && line.creditParty ? [line.creditParty] : []),
      ]);
      if (personIds.length > 0) {
        const subject = { subjectKind: 'ledger-journal', subjectId: id, personIds: [...new Set(personIds)] };
        await Audit.look(tx, actor, { action: 'ledger.journal-read', ...subject });
      }
      return {
        ...headOf(head),
        lines: lines.map((line) => ({
          debit: line.debit,
          credit: line.credit,
          debitParty: line.debitParty ?? null,
          creditParty: line.creditParty ?? null,
          amount: yuanText(line.amount),
        })),
      };
    });
  }

  periods(actor: Actor, query: PeriodQueryDto): Promise<PeriodDto[]> {
    return this.transactions.read(async (tx) =>
      (await closedPeriods(tx, { poolArea: actor.poolArea, scheme: query.scheme })).map(periodOf),
    );
  }

  close(actor: Actor, body: ClosePeriodDto): Promise<PeriodDto> {
    const period = parseMonth(body.period);
    return this.transactions.run(async (tx) => {
      const target = { poolArea: actor.poolArea, scheme: body.scheme, period };
      const closed = await this.ledger.closePeriod(tx, target, this.clock.today(), actor);
      await Audit.record(tx, actor, {
        action: 'ledger.period-closed',
        subjectKind: 'ledger-period',
        subjectId: `${body.scheme}:${period}`,
        details: { contentHash: closed.contentHash, journals: closed.journalCount },
      });
      return periodOf(closed);
    });
  }
}

// By id alone the month is unknown; each month is asked by its primary key.
async function findHead(tx: Tx, poolArea: string, id: string): Promise<HeadRow | undefined> {
  return tx.maybe<HeadRow>(
    `WITH span AS (SELECT min(period) AS first, max(period) AS last FROM ledger_journal WHERE pool_area = $1)
     SELECT j.* FROM span CROSS JOIN LATERAL generate_series(first, last, interval '1 month') AS m
     CROSS JOIN LATERAL (SELECT ${HEAD} FROM ledger_journal
       WHERE pool_area = $1 AND period = m::date AND id = $2 LIMIT 1) AS j`,
    [poolArea, id],
  );
}

function headOf(row: HeadRow): Plain<JournalHeadDto> {
  return {
    id: row.id,
    period: monthOf(row.period),
    scheme: row.scheme,
    postedOn: row.posted_on,
    sourceKind: row.source_kind,
    sourceId: row.source_id,
    memo: row.memo,
    lineCount: row.line_count,
    total: yuanText(row.total_fen),
    postedBy: row.posted_by,
    createdAt: row.created_at.toISOString(),
  };
}

function periodOf(closed: ClosedPeriod): PeriodDto {
  return {
    scheme: closed.scheme,
    period: closed.period,
    closedBy: closed.closedBy,
    closedAt: closed.closedAt.toISOString(),
    journalCount: Number(closed.journalCount),
    lineCount: Number(closed.lineCount),
    total: yuanText(closed.total),
    contentHash: closed.contentHash,
  };
}
