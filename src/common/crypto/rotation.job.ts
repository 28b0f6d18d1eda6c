import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx } from '../db/index.js';
import { type JobHandler, type JobRun, JobRuns, type JsonObject } from '../jobs/index.js';
import { type FieldSpan, KeyRotation } from './key-rotation.js';

export const ROTATION_JOB = 'crypto.rotation';

/**
 * Seals everything anew that an older key sealed: a unit is a thousand rows of one column in one transaction, so a rotation
 * that was killed goes on where it stopped, and servers serve meanwhile – every value opens with the key it names.
 */
@Injectable()
export class RotationJob implements JobHandler, OnModuleInit {
  readonly kind = ROTATION_JOB;

  constructor(
    private readonly runs: JobRuns,
    private readonly rotation: KeyRotation,
  ) {}

  onModuleInit(): void {
    this.runs.register(this);
  }

  async plan(tx: Tx, run: JobRun): Promise<string[]> {
    await tx.query('SET LOCAL statement_timeout = 0');
    return (await this.rotation.spans(tx, run.poolArea)).map(
      ({ what, name, from, to }) => `${what} ${name} ${from ?? '-'} ${to ?? '-'}`,
    );
  }

  async unit(tx: Tx, run: JobRun, key: string): Promise<void> {
    await this.rotation.renew(tx, run.poolArea, spanOf(key));
  }

  async finish(tx: Tx, run: JobRun): Promise<JsonObject> {
    await this.rotation.retire(tx, run.poolArea);
    return { units: run.unitsPlanned ?? 0 };
  }
}

function spanOf(key: string): FieldSpan {
  const [what, name = '', from, to] = key.split(' ');
  const end = (text: string | undefined): string | null => (text === undefined || text === '-' ? null : text);
  return { what: what === 'index' ? 'index' : 'field', name, from: end(from), to: end(to) };
}
