import { HttpException } from '@nestjs/common';
import { isDomainError, type DomainError, type ErrorKind } from '../errors/index.js';
import { sqlState } from '../db/index.js';
import { shownFault } from './fault-words.js';
import { HttpError, httpErrors } from './http-error.js';
import type { Language } from './request-context.js';

/** An error as the caller gets it (RFC 9457, application/problem+json). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  /** Permanent machine-readable code; see docs/errors.md. */
  readonly code: string;
  readonly traceId: string;
  /** All faults of the input, each with the place (`field`, or `row` and `column`) and its own code. */
  readonly errors?: unknown;
  readonly [fact: string]: unknown;
}

export const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  'not-found': 404,
  conflict: 409,
  refused: 422,
  forbidden: 403,
  unavailable: 503,
};

const RETRY_AFTER_SECONDS = '2';

/** Says which refusal an error of the platform means, for errors that only a room can tell. */
export type FaultTranslator = (thrown: unknown) => DomainError | undefined;

const translators = new Set<FaultTranslator>();

/** A room adds what it knows about errors; returns how to take it back. */
export function translateFaults(translator: FaultTranslator): () => void {
  translators.add(translator);
  return () => translators.delete(translator);
}

/** Whatever was thrown, as a refusal with a code. Anything that is not known becomes `http.internal` and tells nothing. */
export function asDomainError(thrown: unknown): DomainError {
  if (isDomainError(thrown)) return thrown;
  if (thrown instanceof HttpException) return fromStatus(thrown.getStatus());
  for (const translate of translators) {
    const known = translate(thrown);
    if (known !== undefined) return known;
  }
  const database = fromDatabase(thrown);
  if (database !== undefined) return database;
  const transport = fromTransport(thrown);
  return transport ?? new HttpError(httpErrors.internal, 500);
}

/** The status of the answer. */
export function statusOf(error: DomainError): number {
  return error instanceof HttpError ? error.status : STATUS[error.kind];
}

/** Headers an error brings along, e.g. `Retry-After` while the database is away. */
export function headersOf(error: DomainError): Readonly<Record<string, string>> {
  const own = error instanceof HttpError ? error.headers : {};
  return statusOf(error) === 503 ? { 'retry-after': RETRY_AFTER_SECONDS, ...own } : own;
}

/** Builds the body. Details of the error become members of the problem, except where they would hide a standard one. */
export function problemOf(error: DomainError, path: string, traceId: string, language: Language): Problem {
  return {
    ...plain(error.details, language),
    type: `urn:tongchou:problem:${error.code}`,
    title: error.code,
    status: statusOf(error),
    detail: error.text(language),
    instance: path,
    code: error.code,
    traceId,
  };
}

function fromStatus(status: number): DomainError {
  switch (status) {
    case 401:
      return new HttpError(httpErrors.unauthenticated, 401, {}, { 'www-authenticate': 'Bearer' });
    case 403:
      return new HttpError(httpErrors.forbidden, 403);
    case 404:
      return new HttpError(httpErrors['no-route'], 404);
    case 413:
      return new HttpError(httpErrors['body-too-large'], 413);
    case 415:
      return new HttpError(httpErrors['media-type'], 415);
    case 429:
      return new HttpError(httpErrors['too-many-requests'], 429, {}, { 'retry-after': '60' });
    case 503:
      return new HttpError(httpErrors.unavailable, 503);
    default:
      return status < 500 ? new HttpError(httpErrors['bad-request'], status) : new HttpError(httpErrors.internal, 500);
  }
}

/** Classes 08 connection, 53 resources, 57 operator; 55P03 lock timeout; 40 a conflict that five retries did not solve. */
const DATABASE_BUSY = /^(08|53|57|40|55P03)/;
const BAD_TEXT = '22021';

function fromDatabase(thrown: unknown): DomainError | undefined {
  const state = sqlState(thrown);
  if (state === BAD_TEXT) return new HttpError(httpErrors['json-bad-character'], 400);
  const message = thrown instanceof Error ? thrown.message : '';
  const unreachable =
    /timeout exceeded when trying to connect|not currently accepting connections|Connection terminated|connection error and is not queryable|Query runner already released|ECONNREFUSED|ECONNRESET|EPIPE/.test(
      message,
    );
  return unreachable || (state !== undefined && DATABASE_BUSY.test(state))
    ? new HttpError(httpErrors.unavailable, 503)
    : undefined;
}

/** What the reader of multipart bodies says; its errors carry no code. */
const BROKEN_FORM =
  /^(Unexpected end of (form|multipart data|file)|(Part|File) terminated early|(Multipart: )?Boundary not found|Malformed (part header|content type))/;

function fromTransport(thrown: unknown): DomainError | undefined {
  const code = member(thrown, 'code');
  if (code === 'FST_ERR_BAD_URL') return new HttpError(httpErrors['bad-url'], 400);
  if (thrown instanceof Error && BROKEN_FORM.test(thrown.message))
    return new HttpError(httpErrors['malformed-form'], 400);
  const status = member(thrown, 'statusCode');
  return typeof status === 'number' && status >= 400 && status < 500 ? fromStatus(status) : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function plain(details: Readonly<Record<string, unknown>>, language: Language): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => {
      if (key === 'errors' && Array.isArray(value)) return [key, value.map((fault) => shownFault(fault, language))];
      return [key, typeof value === 'bigint' ? value.toString() : value];
    }),
  );
}
