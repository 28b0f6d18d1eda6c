import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { sqlState, Transactions } from '../common/db/index.js';
import { DomainError } from '../common/errors/index.js';
import { HttpError, httpErrors } from '../common/http/index.js';
import { type Actor, clientIdOf } from './domain/actor.js';
import { idempotencyErrors } from './errors.js';

const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,200}$/;
const WAIT_MS = [25, 50, 100, 200] as const;
const MAX_WAIT_MS = 15_000;

interface KeyRow {
  body_hash: Buffer;
  state: 'running' | 'done';
  status: number | null;
  response: unknown;
  /** No request lives that long: the process that claimed the key has died. */
  abandoned: boolean;
}

/** The identity of one attempt: whose key, and the fingerprint of what was sent under it. */
interface Attempt {
  readonly id: readonly [poolArea: string, clientId: string, key: string];
  readonly hash: Buffer;
}

/**
 * Executes a POST once for each Idempotency-Key of a client. Copies of a request – also concurrent ones – get the answer of
 * the first; the same key with another body is refused (422). A request whose process died leaves its key behind as
 * running, and is then never executed a second time by itself: money moves at most once.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly transactions: Transactions) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(this.answer(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), next));
  }

  private async answer(request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const attempt = attemptOf(request);
    const until = Date.now() + MAX_WAIT_MS;
    for (let round = 0; ; round += 1) {
      if (await this.claim(attempt)) return this.execute(attempt, reply, next);
      const known = await this.find(attempt);
      if (known !== undefined) {
        if (!known.body_hash.equals(attempt.hash)) throw new DomainError(idempotencyErrors['body-differs']);
        if (known.state === 'done') {
          void reply.code(known.status ?? 200).header('idempotency-replayed', 'true');
          return known.response ?? undefined;
        }
      }
      if (known?.abandoned === true || Date.now() > until) throw new DomainError(idempotencyErrors['in-progress']);
      await sleep(WAIT_MS[Math.min(round, WAIT_MS.length - 1)]);
    }
  }

  private async execute(attempt: Attempt, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    let result: unknown;
    try {
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      if (leftNothingBehind(error)) await this.release(attempt);
      throw error;
    }
    return this.complete(attempt, reply.statusCode, result);
  }

  private async claim({ id, hash }: Attempt): Promise<boolean> {
    const rows = await this.transactions.autocommit((tx) =>
      tx.named(
        'identity.idempotency-claim',
        `INSERT INTO idempotency_key (pool_area, client_id, key, body_hash, state)
         VALUES ($1, $2, $3, $4, 'running') ON CONFLICT ON CONSTRAINT pk_idempotency_key DO NOTHING RETURNING key`,
        [...id, hash],
      ),
    );
    return rows.length === 1;
  }

  private find({ id }: Attempt): Promise<KeyRow | undefined> {
    return this.transactions.autocommit((tx) =>
      tx.maybe<KeyRow>(
        `SELECT body_hash, state, status::int AS status, response,
                created_at < now() - interval '60 seconds' AS abandoned FROM idempotency_key
          WHERE pool_area = $1 AND client_id = $2 AND key = $3`,
        id,
      ),
    );
  }

  // The first caller also gets what was stored, so that its answer and every replay are equal to the byte.
  private async complete({ id }: Attempt, status: number, result: unknown): Promise<unknown> {
    const stored = await this.transactions.autocommit((tx) =>
      tx.one<{ response: unknown }>(
        `UPDATE idempotency_key SET state = 'done', status = $4, response = $5, completed_at = now()
          WHERE pool_area = $1 AND client_id = $2 AND key = $3 RETURNING response`,
        [...id, status, result === undefined ? null : JSON.stringify(result)],
      ),
    );
    return stored.response ?? undefined;
  }

  private async release({ id }: Attempt): Promise<void> {
    await this.transactions.autocommit((tx) =>
      tx.query(
        `DELETE FROM idempotency_key WHERE pool_area = $1 AND client_id = $2 AND key = $3 AND state = 'running'`,
        id,
      ),
    );
  }
}

function attemptOf(request: FastifyRequest & { actor?: Actor }): Attempt {
  const { actor } = request;
  if (actor === undefined) throw new HttpError(httpErrors.unauthenticated, 401);
  const key = request.headers[HEADER];
  if (typeof key !== 'string' || !KEY.test(key)) throw new DomainError(idempotencyErrors['key-missing']);
  const fingerprint = `${request.method} ${request.url}\n${canonical(request.body)}`;
  const hash = createHash('sha256').update(fingerprint, 'utf8').digest();
  return { id: [actor.poolArea, clientIdOf(actor), key], hash };
}

/** JSON with sorted members: the order in which a client writes them does not make another request. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

// After a connection was lost nobody knows whether COMMIT arrived; every other error comes with a rollback.
function leftNothingBehind(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return !/^(08|57P)/.test(state);
  return !(error instanceof Error && /Connection terminated|ECONNRESET|EPIPE/.test(error.message));
}

/**
 * Marks a POST handler: the header `Idempotency-Key` is required, and the handler runs once per key. The handler should do
 * its work in one transaction.
 */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'unique per intended effect; repeat it on retry',
    }),
  );
}
