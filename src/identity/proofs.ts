import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../common/db/index.js';
import { Clock } from '../common/time/index.js';
import { Audit } from './audit.js';
import type { Actor } from './domain/actor.js';
import { Passwords } from './passwords.js';
import { SecondFactors } from './second-factors.js';
import { Throttles } from './throttles.js';

type Effect = (tx: Tx) => Promise<void>;

/**
 * Proofs of who is there, inside a session. They count against the same limits as a sign-in, so that a stolen session is
 * no way to try passwords or codes.
 */
@Injectable()
export class Proofs {
  constructor(
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly factors: SecondFactors,
    private readonly throttles: Throttles,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** Hashes a password that the actor chose. Error `identity.password-weak`. */
  hashChosen(actor: Actor, chosen: string): Promise<string> {
    return this.passwords.hashChosen(chosen, actor.username);
  }

  /** Runs `effect` in the transaction of a right proof and returns true; a wrong one is counted and audited. */
  async check(
    actor: Actor,
    given: { readonly password?: string; readonly code?: string },
    address: string,
    effect: Effect,
  ): Promise<boolean> {
    if (!actor.hasFactor) return this.checkPassword(actor, given.password ?? '', address, effect);
    const { code = '' } = given;
    return this.counted(
      actor,
      address,
      async (tx) => (await this.factors.use(tx, actor.userId, code)) !== undefined,
      effect,
    );
  }

  /** As `check`, by the password alone. */
  async checkPassword(actor: Actor, password: string, address: string, effect: Effect): Promise<boolean> {
    const user = await this.transactions.autocommit((tx) =>
      tx.maybe<{ hash: string | null }>('SELECT password_hash AS hash FROM app_user WHERE id = $1', [actor.userId]),
    );
    const fits = await this.passwords.matches(user?.hash ?? undefined, password);
    const unchanged = async (tx: Tx): Promise<boolean> => {
      const rows = await tx.query('SELECT FROM app_user WHERE id = $1 AND password_hash = $2 FOR UPDATE', [
        actor.userId,
        user?.hash,
      ]);
      return fits && rows.length > 0;
    };
    return this.counted(actor, address, unchanged, effect);
  }

  private async counted(
    actor: Actor,
    address: string,
    proves: (tx: Tx) => Promise<boolean>,
    effect: Effect,
  ): Promise<boolean> {
    const { username, userId } = actor;
    const tried = await this.throttles.begin({ username, userId, address });
    return this.transactions.run(async (tx) => {
      if (tried.open && (await proves(tx))) {
        await this.throttles.settle(tx, tried, true);
        await effect(tx);
        return true;
      }
      await Audit.access(tx, actor, { action: 'identity.proof-refused', subjectKind: 'user', subjectId: userId });
      if (tried.locks) await this.throttles.accountRests(tx, actor, address);
      return false;
    });
  }
}
