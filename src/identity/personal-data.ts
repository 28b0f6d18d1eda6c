import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { parse } from 'yaml';
import { type Tx, Transactions } from '../common/db/index.js';
import { HttpError, httpErrors } from '../common/http/index.js';
import { Metrics } from '../common/metrics/index.js';
import { Quotas } from '../common/quota/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import { type PersonalDataLimits, parseLimits } from './domain/personal-data-limits.js';

const POLICY_FILE = resolve(import.meta.dirname, '../../policy/personal-data.yaml');
const MINUTE = 60;
const HOUR = 3_600;

/** Reads policy/personal-data.yaml; throws when it can be misread. */
export function loadPersonalDataLimits(): PersonalDataLimits {
  return parseLimits(parse(readFileSync(POLICY_FILE, 'utf8')));
}

/** Token of the limits. */
export const PERSONAL_DATA_LIMITS = Symbol('PERSONAL_DATA_LIMITS');

interface Kind {
  readonly kind: 'look-up' | 'reveal';
  readonly windowSeconds: number;
  readonly limit: number;
}

/**
 * The door in front of personal data: counts what a user looks at and closes beyond the limits of
 * policy/personal-data.yaml. The count is kept whatever becomes of the request, so that asking for persons that do not exist
 * counts too.
 */
@Injectable()
export class PersonalDataDoor {
  private readonly refused;

  constructor(
    private readonly transactions: Transactions,
    @Inject(PERSONAL_DATA_LIMITS) private readonly limits: PersonalDataLimits,
    metrics: Metrics,
  ) {
    this.refused = metrics.counter(
      'tongchou_personal_data_refused_total',
      'Look-ups and reveals of personal data beyond the limit of their user; any is an alarm',
      ['kind'],
    );
  }

  /** Counts a list of up to `rows` persons, or one person. Error `http.too-many-requests` (429). */
  async lookUp(actor: Actor, rows = 1): Promise<void> {
    const { perMinute: limit, rowsPerUnit } = this.limits.lookUps;
    await this.take(actor, { kind: 'look-up', windowSeconds: MINUTE, limit }, Math.ceil(rows / rowsPerUnit));
  }

  /** Counts one reveal of a full number or account. Error `http.too-many-requests` (429). */
  async reveal(actor: Actor): Promise<void> {
    const { perHour: limit } = this.limits.reveals;
    await this.take(actor, { kind: 'reveal', windowSeconds: HOUR, limit }, 1);
  }

  private async take(actor: Actor, { kind, windowSeconds, limit }: Kind, units: number): Promise<void> {
    const within = await this.transactions.run(async (tx) => {
      const use = { poolArea: actor.poolArea, actorId: actor.userId, kind: `personal-data.${kind}` };
      const open = await Quotas.take(tx, { ...use, windowSeconds, limit, units });
      if (!open) await this.tell(tx, actor, kind, limit);
      return open;
    });
    if (within) return;
    this.refused.inc({ kind });
    throw new HttpError(httpErrors['too-many-requests'], 429, {}, { 'retry-after': String(windowSeconds) });
  }

  private tell(tx: Tx, actor: Actor, kind: Kind['kind'], limit: number): Promise<void> {
    return Audit.access(tx, actor, {
      action: `identity.personal-data.${kind}-limit`,
      subjectKind: 'user',
      subjectId: actor.userId,
      details: { limit },
    });
  }
}
