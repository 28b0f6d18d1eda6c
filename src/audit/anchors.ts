import { createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../common/config/index.js';
import { type Tx, Transactions } from '../common/db/index.js';
import { ed25519KeyFile } from '../common/key-file/index.js';
import { Clock } from '../common/time/index.js';
import {
  type AnchorFile,
  keyIdOf,
  lineHash,
  NO_ANCHOR_BEFORE,
  readAnchors,
  signedLine,
  type StatedHead,
} from './anchor-line.js';

/** An anchor as the database remembers it; what counts is the copy outside. */
export interface AnchorRow {
  readonly seq: bigint;
  readonly made_at: Date;
  readonly made_by: string;
  readonly key_id: string;
  readonly line: string;
}

const MINUTE_MS = 60_000;

/**
 * Hands the heads of the chains out of the database: signed with a key that does not lie in it, appended to a file on
 * another disk. Whoever owns the database can make a chain anew, but not what has left it.
 */
@Injectable()
export class Anchors {
  private loaded: KeyObject | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The file in ANCHOR_DIR to which the anchors of a pool are appended. */
  file(poolArea: string): string {
    return join(this.settings.anchorDir, `anchors-${poolArea}.ndjson`);
  }

  /** Makes an anchor of the heads as they are now; undefined when there is nothing to anchor. */
  make(poolArea: string, by: string): Promise<AnchorRow | undefined> {
    return this.transactions.run((tx) => this.makeIn(tx, poolArea, by));
  }

  /** As `make`, in the transaction of the caller. */
  async makeIn(tx: Tx, poolArea: string, by: string): Promise<AnchorRow | undefined> {
    await tx.query(`SELECT pg_advisory_xact_lock(advisory_key('audit-anchor', $1))`, [poolArea]);
    const heads = await headsOf(tx, poolArea);
    return heads.length === 0 ? undefined : this.write(tx, poolArea, by, heads, await lastAnchor(tx, poolArea));
  }

  /** Makes an anchor when the last one is older than ANCHOR_MINUTES and a chain has grown; for the timer. */
  makeDue(poolArea: string): Promise<AnchorRow | undefined> {
    return this.transactions.run(async (tx) => {
      const { mine } = await tx.one<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(advisory_key('audit-anchor', $1)) AS mine`,
        [poolArea],
      );
      const last = mine ? await lastAnchor(tx, poolArea) : undefined;
      const age = last === undefined ? Infinity : this.clock.now().getTime() - last.made_at.getTime();
      if (!mine || age < this.settings.anchorMinutes * MINUTE_MS) return undefined;
      const heads = await headsOf(tx, poolArea);
      const known =
        last === undefined ? '[]' : JSON.stringify((JSON.parse(last.line) as { heads: StatedHead[] }).heads);
      return JSON.stringify(heads) === known ? undefined : this.write(tx, poolArea, 'system', heads, last);
    });
  }

  /** The last anchor that the database remembers. */
  last(poolArea: string): Promise<AnchorRow | undefined> {
    return this.transactions.read((tx) => lastAnchor(tx, poolArea));
  }

  /** What the anchors in a text say; without keys the own one judges the signatures. */
  read(text: string, poolArea: string, keys: readonly KeyObject[] = [createPublicKey(this.key())]): AnchorFile {
    return readAnchors(text, poolArea, keys);
  }

  /** What the file in ANCHOR_DIR says; undefined when no such place was chosen or nothing was written yet. */
  async readOwnFile(poolArea: string): Promise<AnchorFile | undefined> {
    if (!this.settings.anchorDirChosen) return undefined;
    const text = await readFile(this.file(poolArea), 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? undefined : this.read(text, poolArea);
  }

  /** The public half of the signing key, PEM: whoever keeps anchors keeps it too. */
  publicKey(): string {
    return createPublicKey(this.key()).export({ type: 'spki', format: 'pem' }).toString();
  }

  // Outside first: a line in the file whose row was rolled back is true all the same, the reverse would be no anchor.
  private async write(
    tx: Tx,
    poolArea: string,
    by: string,
    heads: readonly StatedHead[],
    last: AnchorRow | undefined,
  ): Promise<AnchorRow> {
    const key = this.key();
    const made = this.clock.now();
    const seq = (last?.seq ?? 0n) + 1n;
    const line = signedLine(key, {
      ...{ poolArea, seq: seq.toString(), at: made.toISOString(), heads },
      previous: last === undefined ? NO_ANCHOR_BEFORE : lineHash(last.line),
    });
    await this.append(poolArea, line);
    return tx.one<AnchorRow>(
      `INSERT INTO audit_anchor (pool_area, seq, made_at, made_by, key_id, line) VALUES ($1, $2, $3, $4, $5, $6)
       RETURNING seq, made_at, made_by, key_id, line`,
      [poolArea, seq, made, by, keyIdOf(key), line],
    );
  }

  private async append(poolArea: string, line: string): Promise<void> {
    const { anchorDir } = this.settings;
    await mkdir(anchorDir, { recursive: true });
    await writeFile(join(anchorDir, `anchor-key-${keyIdOf(this.key())}.pub.pem`), this.publicKey());
    const file = await open(this.file(poolArea), 'a');
    try {
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  private key(): KeyObject {
    return (this.loaded ??= ed25519KeyFile(this.settings.anchorKeyFile));
  }
}

async function headsOf(tx: Tx, poolArea: string): Promise<StatedHead[]> {
  return tx.query<{ stream: string; seq: string; hash: string }>(
    `SELECT DISTINCT ON (stream) stream, seq::text, encode(hash, 'hex') AS hash FROM audit_chain
     WHERE pool_area = $1 ORDER BY stream, audit_chain.seq DESC`,
    [poolArea],
  );
}

function lastAnchor(tx: Tx, poolArea: string): Promise<AnchorRow | undefined> {
  return tx.maybe<AnchorRow>(
    `SELECT seq, made_at, made_by, key_id, line FROM audit_anchor WHERE pool_area = $1 ORDER BY seq DESC LIMIT 1`,
    [poolArea],
  );
}
