import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import type { Month } from '../common/time/index.js';
import { type Actor, Audit, systemActor } from '../identity/index.js';
import { Anchors } from './anchors.js';
import { type AnchorHead, anchoredFindings } from './domain/anchor.js';
import type { Digest } from './domain/chain.js';
import { type Finding, findingLine, Findings } from './domain/findings.js';
import { BlockWalk, type Head, judgeRow } from './domain/verify.js';
import { blocksOf, type Range, hashesAt, headOf, monthsOf, pairsOf } from './verifier-reader.js';
import { columnsOf, type StreamSource, STREAMS, TEXT_SETTINGS } from './streams.js';

/** Differences that are kept with their place; further ones are counted. */
const KEPT_FINDINGS = 100;

export const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest();

/** What was checked in one stream. */
export interface StreamReport {
  readonly stream: string;
  readonly blocks: number;
  /** Rows compared with the chain. */
  readonly rows: number;
  /** Rows too young to be chained yet. */
  readonly pending: number;
  /** Rows of archived months: their blocks are checked, the rows lie elsewhere. */
  readonly archived: number;
  readonly head: (Head & { readonly hash: string }) | undefined;
}

export interface VerifyReport {
  readonly poolArea: string;
  readonly streams: readonly StreamReport[];
  readonly anchors: number;
  readonly findings: readonly Finding[];
  /** How many there are; `findings` shows the first. */
  readonly count: number;
  readonly seconds: number;
}

export interface VerifyOptions {
  /** Months whose rows are compared; without them all. The links of the chain are always followed from the first block. */
  readonly from?: Month | undefined;
  readonly to?: Month | undefined;
  /** What anchors from outside say. */
  readonly anchors?: readonly AnchorHead[];
  /** What was wrong with the anchors themselves. */
  readonly anchorFindings?: readonly Finding[];
}

/**
 * Proves that the record is what was chained. The database is asked for rows, never for verdicts: hashes are computed
 * here, by other code than the one that made the chain. Rows stream by, memory does not grow with them.
 */
@Injectable()
export class AuditVerifier {
  constructor(
    private readonly transactions: Transactions,
    private readonly anchors: Anchors,
  ) {}

  /** What the anchors say that this installation wrote to ANCHOR_DIR. */
  async ownAnchors(poolArea: string): Promise<Pick<VerifyOptions, 'anchors' | 'anchorFindings'>> {
    const file = await this.anchors.readOwnFile(poolArea);
    return file === undefined ? {} : { anchors: file.heads, anchorFindings: file.findings };
  }

  verify(poolArea: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    return this.transactions.read((tx) => this.verifyIn(tx, poolArea, options));
  }

  /** Verifies and leaves the outcome in the audit trail, where the console and the next auditor find it. */
  async verifyAndRecord(
    poolArea: string,
    options: VerifyOptions = {},
    actor = systemActor(poolArea),
  ): Promise<VerifyReport> {
    const report = await this.verify(poolArea, options);
    await this.transactions.run((tx) => this.record(tx, report, options, actor));
    return report;
  }

  /** Leaves the outcome in the audit trail. */
  record(tx: Tx, report: VerifyReport, options: VerifyOptions, actor: Actor): Promise<void> {
    return recordOutcome(tx, actor, report, options);
  }

  /** As `verify`, over the snapshot of the caller's transaction. */
  async verifyIn(tx: Tx, poolArea: string, options: VerifyOptions = {}): Promise<VerifyReport> {
    const start = performance.now();
    await tx.query(TEXT_SETTINGS);
    const findings = new Findings(KEPT_FINDINGS);
    const range: Range = { from: options.from ?? null, to: options.to ?? null };
    const streams: StreamReport[] = [];
    for (const source of STREAMS) streams.push(await checkStream(tx, { poolArea, source, range }, findings));
    for (const finding of options.anchorFindings ?? []) findings.add(finding);
    const anchors = options.anchors ?? [];
    for (const finding of anchoredFindings(anchors, await hashesAt(tx, poolArea, anchors))) findings.add(finding);
    return {
      ...{ poolArea, streams, anchors: anchors.length, findings: findings.first(), count: findings.count },
      seconds: (performance.now() - start) / 1_000,
    };
  }
}

/** What the outcome of a verification is called in the audit trail, and what it is about. */
export const VERIFIED_ACTION = 'audit.verified';
export const BROKEN_ACTION = 'audit.found-broken';
export const chainSubject = (poolArea: string): string => `chain:${poolArea}`;

function recordOutcome(tx: Tx, actor: Actor, report: VerifyReport, { from, to }: VerifyOptions): Promise<void> {
  const { streams, count, seconds, anchors, findings } = report;
  const [first] = findings;
  return Audit.access(tx, actor, {
    action: count === 0 ? VERIFIED_ACTION : BROKEN_ACTION,
    subjectKind: 'audit-chain',
    subjectId: chainSubject(report.poolArea),
    details: {
      ...{ from: from ?? null, to: to ?? null, anchors, differences: count, seconds: seconds.toFixed(1) },
      first: first === undefined ? null : findingLine(first),
      rows: streams.reduce((sum, stream) => sum + stream.rows, 0),
      heads: Object.fromEntries(streams.map(({ stream, head }) => [stream, head?.seq.toString() ?? null])),
    },
  });
}

export interface StreamScope {
  readonly poolArea: string;
  readonly source: StreamSource;
  readonly range: Range;
}

async function checkStream(tx: Tx, scope: StreamScope, findings: Findings): Promise<StreamReport> {
  const { source } = scope;
  const head = await headOf(tx, scope);
  const blocks = await checkBlocks(tx, scope, findings);
  const existing = await columnsOf(tx, source);
  let rows = 0;
  let pending = 0;
  let archived = 0;
  for (const month of await monthsOf(tx, scope)) {
    if (!month.attached) {
      archived += month.chained;
      if (!month.archived) findings.add(monthMissing(source, month.month, month.chained));
      continue;
    }
    for await (const pair of pairsOf(tx, scope, month.month, existing)) {
      const verdict = judgeRow(sha256, { ...source, finalByXid: source.xid !== null }, pair, head);
      if (verdict === 'pending') pending += 1;
      else rows += 1;
      if (typeof verdict === 'object') findings.add(verdict);
    }
  }
  return { stream: source.stream, blocks, rows, pending, archived, head };
}

async function checkBlocks(tx: Tx, scope: StreamScope, findings: Findings): Promise<number> {
  const walk = new BlockWalk(scope.source.stream, sha256);
  let blocks = 0;
  for await (const block of blocksOf(tx, scope)) {
    blocks += 1;
    for (const finding of walk.next(block)) findings.add(finding);
  }
  return blocks;
}

function monthMissing(source: StreamSource, month: string, rows: number): Finding {
  const { stream, table } = source;
  const facts = { rows: String(rows) };
  return { kind: 'month-missing', stream, table, seq: null, position: 0, key: month.slice(0, 7), month, facts };
}
