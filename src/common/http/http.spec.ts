import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DomainError, isDomainError } from '../errors/index.js';
import { AmountField, DayField, FlagField, IntegerField, MonthField, TextField } from './fields.js';
import { HttpError, httpErrors } from './http-error.js';
import { pageOf, PageQueryDto } from './page.js';
import { asDomainError, problemOf, statusOf } from './problem.js';
import { preferredLanguage } from './request-context.js';
import { compileSchema } from './schema.js';
import { ServedRoutes } from './served-routes.js';

describe('the language of an answer', () => {
  it.each([
    [undefined, 'zh'],
    ['', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en', 'en'],
    ['en-US,en;q=0.9,zh;q=0.1', 'en'],
    ['fr', 'zh'],
    ['fr, en;q=0.5', 'en'],
    ['*', 'zh'],
    ['en;q=0, zh', 'zh'],
    ['en;q=x', 'zh'],
  ] as const)('for "%s" is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });
});

describe('a cursor', () => {
  const rows = [1, 2, 3].map((id) => ({ id: String(id) }));
  const keyOf = (row: { id: string }) => [row.id];

  it('leads to the next page and ends with null', () => {
    const first = pageOf.page(rows, 2, keyOf, (row) => row.id);
    expect(first.items).toEqual(['1', '2']);
    const query = pageOf.query(Object.assign(new PageQueryDto(), { cursor: first.nextCursor, limit: 2 }), 1);
    expect(query).toEqual({ limit: 2, after: ['2'] });
    expect(pageOf.page(rows.slice(2), 2, keyOf, (row) => row.id).nextCursor).toBeNull();
  });

  it.each([
    '',
    'x',
    'W10',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('["a","b"]').toString('base64url'),
    Buffer.from('["\\u0000"]').toString('base64url'),
    Buffer.from('{"a":1}').toString('base64url'),
  ])('that was made up ("%s") is refused', (cursor) => {
    expect(() => pageOf.query(Object.assign(new PageQueryDto(), { cursor }), 1)).toThrow(DomainError);
  });
});

class Sample {
  @AmountField() amount: unknown;
  @DayField({ optional: true }) day?: unknown;
  @MonthField({ optional: true }) month?: unknown;
  @TextField({ max: 3, optional: true }) text?: unknown;
  @IntegerField({ min: 1, max: 9, optional: true, fromText: true }) count?: unknown;
  @FlagField({ optional: true, fromText: true }) flag?: unknown;
}

describe('fields of a request', () => {
  const faults = (input: object): string[] =>
    validateSync(plainToInstance(Sample, input)).map(({ property }) => property);

  it.each(['0', '0.01', '7595.62', '1.5', '9999999999999.99'])('take the amount "%s"', (amount) => {
    expect(faults({ amount })).toEqual([]);
  });

  it.each([
    7595.62,
    1,
    null,
    undefined,
    '',
    '-1',
    '1.234',
    '01',
    '1e3',
    '1,000.00',
    ' 1',
    '１',
    '.5',
    '99999999999999',
  ])('refuse the amount %j', (amount) => {
    expect(faults({ amount })).toEqual(['amount']);
  });

  it('check what is given, also null, and read numbers and flags of a query only where told', () => {
    expect(
      faults({ amount: '1', day: '2026-02-28', month: '2026-10', text: '𠮷䶮', count: '9', flag: 'true' }),
    ).toEqual([]);
    expect(faults({ amount: '1', day: null, month: '2026-13', text: 'four', count: '10', flag: 'yes' })).toEqual([
      'day',
      'month',
      'text',
      'count',
      'flag',
    ]);
    expect(faults({ amount: '1', count: '1e0' })).toEqual(['count']);
  });
});

describe('a compiled schema', () => {
  const check = compileSchema<{ amount: string }>({
    type: 'object',
    additionalProperties: false,
    required: ['amount'],
    properties: { amount: { type: 'string', pattern: '^\\d+\\.\\d\\d$' } },
  });

  it('returns what fits and tells all faults of what does not', () => {
    expect(check({ amount: '1.00' })).toEqual({ amount: '1.00' });
    try {
      check({ amount: 1, isAdmin: true });
      expect('accepted').toBe('refused');
    } catch (error) {
      expect(isDomainError(error) && error.details['count']).toBe(2);
    }
  });
});

describe('whatever is thrown', () => {
  const answer = (thrown: unknown) => {
    const error = asDomainError(thrown);
    return [statusOf(error), error.code];
  };

  it.each([
    [new DomainError(httpErrors['bad-cursor']), 400, 'http.bad-cursor'],
    [new HttpError(httpErrors.unauthenticated, 401), 401, 'http.unauthenticated'],
    [Object.assign(new Error('x'), { code: '57014' }), 503, 'http.unavailable'],
    [Object.assign(new Error('x'), { code: '22021' }), 400, 'http.json-bad-character'],
    [new Error('timeout exceeded when trying to connect'), 503, 'http.unavailable'],
    [Object.assign(new Error('secret row values'), { code: '23505' }), 500, 'http.internal'],
    [new Error('secret'), 500, 'http.internal'],
    ['a text', 500, 'http.internal'],
    [undefined, 500, 'http.internal'],
  ])('%# becomes a problem with a code', (thrown, status, code) => {
    expect(answer(thrown)).toEqual([status, code]);
  });

  it('cannot hide the standard members behind details, nor tell an inner message', () => {
    const sly = new DomainError(httpErrors['bad-cursor'], { status: 200, code: 'fine', hint: 5n });
    expect(problemOf(sly, '/x', 'trace', 'en')).toMatchObject({ status: 400, code: 'http.bad-cursor', hint: '5' });
    expect(JSON.stringify(problemOf(asDomainError(new Error('secret')), '/x', 'trace', 'en'))).not.toContain('secret');
  });
});

describe('the list of served routes', () => {
  it('tells the methods of a path, and none for an unknown one', () => {
    const routes = new ServedRoutes();
    routes.add(['GET', 'POST'], '/api/v1/a');
    routes.add('GET', '/api/v1/a/:id/errors.csv');
    routes.add('OPTIONS', '/api/v1/a');
    expect(routes.methodsOf('/api/v1/a')).toEqual(['GET', 'POST']);
    expect(routes.methodsOf('/api/v1/a/7/errors.csv')).toEqual(['GET']);
    expect(routes.methodsOf('/api/v1/a/7/errorsXcsv')).toEqual([]);
  });
});
