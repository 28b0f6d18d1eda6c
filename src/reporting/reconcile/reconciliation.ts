import { Injectable } from '@nestjs/common';
import { Transactions } from '../../common/db/index.js';
import { CLAIMS_INVARIANTS } from './claims-invariants.js';
import type { Difference, Finding, Invariant } from './invariant.js';
import { LEDGER_INVARIANTS } from './ledger-invariants.js';
import { OPERATIONS_INVARIANTS } from './operations-invariants.js';
import { PAYMENT_INVARIANTS } from './payment-invariants.js';

const EXAMPLES = 10;

/** The invariant set R: what must hold after every fault, proved from the rows themselves. */
export const INVARIANTS: readonly Invariant[] = [
  ...LEDGER_INVARIANTS,
  ...CLAIMS_INVARIANTS,
  ...PAYMENT_INVARIANTS,
  ...OPERATIONS_INVARIANTS,
];

/** Checks the invariants of a pool over one snapshot of the database. Reads everything, changes nothing. */
@Injectable()
export class Reconciliation {
  constructor(private readonly transactions: Transactions) {}

  check(poolArea: string): Promise<Finding[]> {
    return this.transactions.read(async (tx) => {
      // A whole city is read here; the limit of a request does not apply.
      await tx.query('SET LOCAL statement_timeout = 0');
      const findings: Finding[] = [];
      for (const invariant of INVARIANTS) {
        const rows = await tx.query<Difference & { count: bigint }>(
          `SELECT d.subject, d.expected, d.found, count(*) OVER () AS count FROM (${invariant.sql}) AS d
           ORDER BY d.subject LIMIT ${String(EXAMPLES)}`,
          [poolArea],
        );
        const examples = rows.map(({ subject, expected, found }) => ({ subject, expected, found }));
        findings.push({ invariant, count: Number(rows[0]?.count ?? 0n), examples });
      }
      return findings;
    });
  }

  /** Pools that have anything to check. */
  pools(): Promise<string[]> {
    return this.transactions.read(async (tx) => {
      const rows = await tx.query<{ pool_area: string }>(
        `SELECT code AS pool_area FROM area WHERE level = 'pool'
         UNION SELECT DISTINCT pool_area FROM ledger_period UNION SELECT DISTINCT pool_area FROM job_run ORDER BY 1`,
      );
      return rows.map((row) => row.pool_area);
    });
  }
}

/** The findings as a table for a terminal, differences below their line. */
export function reportText(poolArea: string, findings: readonly Finding[]): string {
  const wrong = findings.filter(({ count }) => count > 0);
  const lines = findings.flatMap(({ invariant, count, examples }) => [
    `${count === 0 ? 'ok  ' : 'FAIL'}  ${invariant.code}  ${invariant.zh}  |  ${invariant.en}${count === 0 ? '' : `: ${String(count)}`}`,
    ...examples.map(({ subject, expected, found }) => `        ${subject}: ${expected} ≠ ${found}`),
    ...(count > examples.length ? [`        … ${String(count - examples.length)} more`] : []),
  ]);
  const summary =
    wrong.length === 0 ? '对账一致 no difference' : `对账不一致 ${String(wrong.length)} invariants broken`;
  return [`pool ${poolArea}`, ...lines, `pool ${poolArea}: ${String(findings.length)} invariants, ${summary}`].join(
    '\n',
  );
}
