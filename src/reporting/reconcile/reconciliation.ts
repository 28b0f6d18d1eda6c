import { Injectable } from '@nestjs/common';
import { AuditVerifier, type Finding as BrokenRecord, findingLine } from '../../audit/index.js';
import { type Tx, Transactions } from '../../common/db/index.js';
import { CLAIMS_INVARIANTS } from './claims-invariants.js';
import type { Difference, Finding, Invariant } from './invariant.js';
import { LEDGER_INVARIANTS } from './ledger-invariants.js';
import { OPERATIONS_INVARIANTS } from './operations-invariants.js';
import { PAYMENT_INVARIANTS } from './payment-invariants.js';

const EXAMPLES = 10;

const RECORD: Invariant = {
  code: 'R501',
  zh: '审计与账册的哈希链完整，逐行一致，并与锚点相符',
  en: 'the hash chains of audit trail and books are whole, fit every row, and fit the anchors',
  sql: null,
};

/** The invariant set R: what must hold after every fault, proved from the rows themselves. */
export const INVARIANTS: readonly Invariant[] = [
  ...LEDGER_INVARIANTS,
  ...CLAIMS_INVARIANTS,
  ...PAYMENT_INVARIANTS,
  ...OPERATIONS_INVARIANTS,
  RECORD,
];

/** Checks the invariants of a pool over one snapshot of the database. Reads everything, changes nothing. */
@Injectable()
export class Reconciliation {
  constructor(
    private readonly transactions: Transactions,
    private readonly verifier: AuditVerifier,
  ) {}

  check(poolArea: string): Promise<Finding[]> {
    return this.transactions.read(async (tx) => {
      // A whole city is read here; the limit of a request does not apply.
      await tx.query('SET LOCAL statement_timeout = 0');
      const findings: Finding[] = [];
      for (const invariant of INVARIANTS) findings.push(await this.prove(tx, poolArea, invariant));
      return findings;
    });
  }

  private async prove(tx: Tx, poolArea: string, invariant: Invariant): Promise<Finding> {
    if (invariant.sql === null) {
      const report = await this.verifier.verifyIn(tx, poolArea, await this.verifier.ownAnchors(poolArea));
      return { invariant, count: report.count, examples: report.findings.slice(0, EXAMPLES).map(asDifference) };
    }
    const rows = await tx.query<Difference & { count: bigint }>(
      `SELECT d.subject, d.expected, d.found, count(*) OVER () AS count FROM (${invariant.sql}) AS d
       ORDER BY d.subject LIMIT ${String(EXAMPLES)}`,
      [poolArea],
    );
    const examples = rows.map(({ subject, expected, found }) => ({ subject, expected, found }));
    return { invariant, count: Number(rows[0]?.count ?? 0n), examples };
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

function asDifference(finding: BrokenRecord): Difference {
  const { expected = '-', found = '-' } = finding.facts;
  return { subject: findingLine(finding), expected: expected.slice(0, 16), found: found.slice(0, 16) };
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
