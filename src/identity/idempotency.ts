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
import { type Tx, Transactions } from '../common/db/index.js';
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
}

/** The identity of one attempt: whose key, and the fingerprint of what was sent under it. */
interface Attempt {
  readonly id: readonly [poolArea: string, clientId: string, key: string];
  readonly hash: Buffer;
}

/** What a round came to: the answer now given, what the key did before, or somebody else at it right now. */
type Round = { readonly answer: unknown } | { readonly known: KeyRow } | 'busy';

/**
 * Executes a POST once for each Idempotency-Key of a client. Copies of a request – also concurrent ones – get the answer of
 * the first; the same key with another body is refused (422).
 *
 * The handler's effect, the key and the answer are one transaction: whatever dies and whenever, either all three are there
 * and a retry is given the answer, or none is and a retry executes. A copy that comes meanwhile finds the key's advisory
 * lock taken, and waits without holding a connection.
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
      const outcome = await this.transactions.whole((tx) => this.round(tx, attempt, reply, next));
      if (outcome !== 'busy') return 'answer' in outcome ? outcome.answer : replay(attempt, outcome.known, reply);
      if (Date.now() > until) throw new DomainError(idempotencyErrors['in-progress']);
      await sleep(WAIT_MS[Math.min(round, WAIT_MS.length - 1)]);
    }
  }

  private async round(tx: Tx, attempt: Attempt, reply: FastifyReply, next: CallHandler): Promise<Round> {
    if (!(await takeKey(tx, attempt))) return 'busy';
    const known = await findKey(tx, attempt);
    if (known !== undefined) return { known };
    const result: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    return { answer: await keepAnswer(tx, attempt, reply.statusCode, result) };
  }
}

// The lock that settlements take too (settle_commit): one key is used once, whatever it is used for.
async function takeKey(tx: Tx, { id }: Attempt): Promise<boolean> {
  const { mine } = await tx.one<{ mine: boolean }>(
    `SELECT pg_try_advisory_xact_lock(advisory_key('idempotency', concat_ws(':', $1::text, $2::text, $3::text))) AS mine`,
    id,
  );
  return mine;
}

function findKey(tx: Tx, { id }: Attempt): Promise<KeyRow | undefined> {
  return tx.maybe<KeyRow>(
    `SELECT body_hash, state, status::int AS status, response FROM idempotency_key
     WHERE pool_area = $1 AND client_id = $2 AND key = $3`,
    id,
  );
}

// The first caller also gets what was stored, so that its answer and every replay are equal to the byte.
async function keepAnswer(tx: Tx, { id, hash }: Attempt, status: number, result: unknown): Promise<unknown> {
  const stored = await tx.one<{ response: unknown }>(
    `INSERT INTO idempotency_key (pool_area, owner_id, client_id, key, body_hash, state, status, response, completed_at)
     VALUES ($1, owner_of($2), $2, $3, $4, 'done', $5, $6, clock_timestamp()) RETURNING response`,
    [...id, hash, status, result === undefined ? null : JSON.stringify(result)],
  );
  return stored.response ?? undefined;
}

// Only a version before 0.2 left keys behind as running; nobody knows what their requests did, so they are not repeated.
function replay(attempt: Attempt, known: KeyRow, reply: FastifyReply): unknown {
  if (!known.body_hash.equals(attempt.hash)) throw new DomainError(idempotencyErrors['body-differs']);
  if (known.state === 'running') throw new DomainError(idempotencyErrors['in-progress']);
  void reply.code(known.status ?? 200).header('idempotency-replayed', 'true');
  return known.response ?? undefined;
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

/**
 * Marks a POST handler: the header `Idempotency-Key` is required, and the handler runs once per key. All that it does is
 * one transaction (`Transactions.whole`), so it must start nothing that goes on after it has answered.
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
