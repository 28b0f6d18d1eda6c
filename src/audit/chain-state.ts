import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Actor, Audit } from '../identity/index.js';
import { anchorSheet } from './anchor-line.js';
import { type AnchorRow, Anchors } from './anchors.js';
import type { AnchorDto, ChainStateDto, ChainStreamDto, ChainVerificationDto } from './audit.dto.js';
import { auditRoomErrors } from './errors.js';
import { BROKEN_ACTION, chainSubject, VERIFIED_ACTION } from './verifier.js';

interface OutcomeRow {
  at: Date;
  actor_name: string;
  action: string;
  details: { rows?: number; differences?: number; first?: string | null; heads?: Record<string, string | null> };
}

const SHOWN_ANCHORS = 100;
const ANCHORS = 'SELECT seq, made_at, made_by, key_id, line FROM audit_anchor WHERE pool_area = $1';

/** How far the chains reach, when they were last verified, and the anchors: what an auditor asks first. */
@Injectable()
export class ChainState {
  constructor(
    private readonly transactions: Transactions,
    private readonly anchors: Anchors,
  ) {}

  state(actor: Actor): Promise<ChainStateDto> {
    return this.transactions.read(async (tx) => {
      const outcome = await lastOutcome(tx, actor.poolArea);
      const [anchor] = await tx.query<AnchorRow>(`${ANCHORS} ORDER BY seq DESC LIMIT 1`, [actor.poolArea]);
      return {
        streams: await streamsOf(tx, actor.poolArea, outcome?.details.heads ?? {}),
        verification: outcome === undefined ? null : shownOutcome(outcome),
        anchor: anchor === undefined ? null : shownAnchor(anchor),
        publicKey: this.anchors.publicKey(),
      };
    });
  }

  /** The anchors that the database remembers, newest first. */
  async list(actor: Actor): Promise<AnchorDto[]> {
    const rows = await this.transactions.read((tx) =>
      tx.query<AnchorRow>(`${ANCHORS} ORDER BY seq DESC LIMIT ${String(SHOWN_ANCHORS)}`, [actor.poolArea]),
    );
    return rows.map(shownAnchor);
  }

  /** Makes an anchor now, for an auditor who takes it along. Error `audit.nothing-chained`. */
  async make(actor: Actor): Promise<AnchorDto> {
    return this.transactions.run(async (tx) => {
      const made = await this.anchors.makeIn(tx, actor.poolArea, actor.username);
      if (made === undefined) throw new DomainError(auditRoomErrors['nothing-chained']);
      const subjectId = made.seq.toString();
      await Audit.access(tx, actor, { action: 'audit.anchored', subjectKind: 'audit-anchor', subjectId });
      return shownAnchor(made);
    });
  }

  /** The anchor as a sheet to be printed, signed and kept. Error `audit.anchor-not-found`. */
  async sheet(actor: Actor, seq: string): Promise<string> {
    const row = await this.transactions.read((tx) =>
      tx.maybe<AnchorRow>(`${ANCHORS} AND seq = $2::bigint`, [actor.poolArea, seq]),
    );
    if (row === undefined) throw new DomainError(auditRoomErrors['anchor-not-found']);
    return anchorSheet(row.line);
  }

  /** All anchors, one line each, oldest first: the form that `audit-verify --anchor` reads. */
  async lines(actor: Actor): Promise<string> {
    const rows = await this.transactions.read((tx) => tx.query<AnchorRow>(`${ANCHORS} ORDER BY seq`, [actor.poolArea]));
    return rows.map(({ line }) => `${line}\n`).join('');
  }
}

async function streamsOf(
  tx: Tx,
  poolArea: string,
  verified: Readonly<Record<string, string | null>>,
): Promise<ChainStreamDto[]> {
  const rows = await tx.query<{ stream: string; seq: bigint; hash: string; sealed_at: Date; rows: bigint }>(
    `SELECT b.stream, b.seq, encode(b.hash, 'hex') AS hash, b.sealed_at, h.rows
     FROM (SELECT stream, max(seq) AS seq, sum(row_count) AS rows FROM audit_chain WHERE pool_area = $1 GROUP BY stream) AS h
     JOIN audit_chain b ON b.pool_area = $1 AND b.stream = h.stream AND b.seq = h.seq ORDER BY b.stream`,
    [poolArea],
  );
  return rows.map((row) => ({
    ...{ stream: row.stream, block: row.seq.toString(), hash: row.hash, sealedAt: row.sealed_at.toISOString() },
    ...{ rows: Number(row.rows), verifiedBlock: verified[row.stream] ?? null },
  }));
}

function lastOutcome(tx: Tx, poolArea: string): Promise<OutcomeRow | undefined> {
  return tx.maybe<OutcomeRow>(
    `SELECT at, actor_name, action, details FROM audit_event
     WHERE pool_area = $1 AND subject_id = $2 AND subject_kind = 'audit-chain' AND action = ANY ($3)
     ORDER BY id DESC LIMIT 1`,
    [poolArea, chainSubject(poolArea), [VERIFIED_ACTION, BROKEN_ACTION]],
  );
}

function shownOutcome({ at, actor_name: by, action, details }: OutcomeRow): ChainVerificationDto {
  const { rows = 0, differences = 0, first = null } = details;
  return { at: at.toISOString(), by, intact: action === VERIFIED_ACTION, rows, differences, first };
}

function shownAnchor(row: AnchorRow): AnchorDto {
  return {
    ...{ seq: row.seq.toString(), madeAt: row.made_at.toISOString(), madeBy: row.made_by, keyId: row.key_id },
    line: row.line,
  };
}
