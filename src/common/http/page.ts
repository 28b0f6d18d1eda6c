import { DomainError } from '../errors/index.js';
import { httpErrors } from './http-error.js';
import { IntegerField, TextField } from './fields.js';
import { isStorableText } from './text.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** One page of a list and the opaque mark from which the next one goes on; null after the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Query parameters every list understands; extend it with the filters of the list. */
export class PageQueryDto {
  @IntegerField({ min: 1, max: MAX_LIMIT, optional: true, fromText: true, about: 'rows of a page' })
  limit?: number;

  @TextField({ max: 500, optional: true, about: 'nextCursor of the page before' })
  cursor?: string;
}

/** Where a page starts and how long it is; `after` holds the sort key of the last row of the page before. */
export interface PageQuery {
  readonly limit: number;
  readonly after: readonly string[] | undefined;
}

/**
 * The helpers of keyset pagination (never OFFSET, which skips rows when others are inserted meanwhile).
 * Ask the database for `limit + 1` rows with `WHERE (sort key) > (after)`, then `pageOf.page(...)`.
 */
export const pageOf = {
  /** Reads `limit` and `cursor`; `keys` is the number of columns of the sort key. Error `http.bad-cursor`. */
  query(dto: PageQueryDto, keys: number): PageQuery {
    return {
      limit: dto.limit ?? DEFAULT_LIMIT,
      after: dto.cursor === undefined ? undefined : decode(dto.cursor, keys),
    };
  },

  /** Cuts the surplus row off and makes the cursor from the sort key of the last row shown. */
  page<R, T>(rows: readonly R[], limit: number, keyOf: (row: R) => readonly string[], show: (row: R) => T): Page<T> {
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last !== undefined ? encode(keyOf(last)) : null;
    return { items: shown.map((row) => show(row)), nextCursor };
  },
};

function encode(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

function decode(cursor: string, keys: number): readonly string[] {
  const parts = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  const texts = Array.isArray(parts) ? parts.filter((part): part is string => typeof part === 'string') : [];
  const usable = texts.length === keys && texts.every(isStorableText);
  if (!usable || !Array.isArray(parts) || parts.length !== keys) throw new DomainError(httpErrors['bad-cursor']);
  return texts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
