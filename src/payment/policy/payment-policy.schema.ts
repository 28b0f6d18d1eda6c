import { REQUIRED_CLAUSES } from '../domain/policy.js';
import { ADVANCE_MODES, CATEGORIES, FUNDS } from '../domain/types.js';

const RATE = { type: 'string', pattern: '^(0|[1-9]\\d{0,3})(\\.\\d{1,6})?$' };
const SHARE = { type: 'string', pattern: '^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$' };
const AMOUNT = { type: 'string', pattern: '^(0|[1-9]\\d{0,12})\\.\\d{2}$' };
const DAY = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const TEXT = record({ zh: { type: 'string', minLength: 1 }, en: { type: 'string', minLength: 1 } });
const CODE = { type: 'string', pattern: '^[a-z][a-z-]{1,40}$' };

function record(properties: Record<string, object>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: object, minItems = 0): object {
  return { type: 'array', items, minItems };
}

const BANDS = list(record({ upTo: { anyOf: [SHARE, { type: 'null' }] }, share: SHARE }), 1);
const TARGET = record({ cost: AMOUNT, ratio: RATE });

/** What one scheme's rules look like when `common` and the scheme's own part are laid over each other. */
const RULES = {
  budget: record({
    reserveRate: SHARE,
    historyWeights: list(SHARE, 1),
    growth: RATE,
    seasonality: { enum: ['last-year', 'even'] },
    newProviderUnit: { enum: ['bed', 'signed-person'] },
    funds: list({ enum: [...FUNDS] }, 1),
    categories: list({ enum: [...CATEGORIES] }, 1),
    groups: list(
      record({
        code: CODE,
        name: TEXT,
        levels: list({ enum: ['tertiary', 'secondary', 'primary'] }, 1),
        share: { anyOf: [SHARE, { type: 'null' }] },
        coefficients: list(record({ code: CODE, name: TEXT, value: RATE })),
      }),
      1,
    ),
    setAsides: list(
      record({
        code: CODE,
        name: TEXT,
        basis: {
          type: 'object',
          properties: { amount: AMOUNT, perHead: AMOUNT, share: SHARE },
          additionalProperties: false,
          minProperties: 1,
          maxProperties: 1,
        },
      }),
    ),
  }),
  advance: record({
    mode: { enum: [...ADVANCE_MODES] },
    alpha: SHARE,
    depositRate: SHARE,
    startDay: { type: 'integer', minimum: 1, maximum: 28 },
    monthOnMonthAlert: RATE,
    progressAlert: RATE,
  }),
  clearing: record({
    overspend: BANDS,
    saving: BANDS,
    quality: record({ maxVisitDrop: SHARE, maxComplaints: { type: 'integer', minimum: 0 }, minScore: RATE }),
    dualControl: record({
      targets: record({ tertiary: TARGET, secondary: TARGET, primary: TARGET }, ['tertiary', 'secondary', 'primary']),
      tolerance: SHARE,
      costRate: SHARE,
      ratioRate: SHARE,
      cap: SHARE,
    }),
    assessment: record({ full: RATE, pass: RATE, sharesFrom: RATE }),
    readmission: record({
      withinDays: { type: 'integer', minimum: 1, maximum: 365 },
      specialities: list(CODE),
      maxBeds: { type: 'integer', minimum: 0 },
    }),
  }),
};

const HEAD = {
  kind: { const: 'payment' },
  id: { type: 'string', minLength: 1 },
  region: { type: 'string', pattern: '^\\d{6}$' },
  validFrom: DAY,
  validTo: { anyOf: [DAY, { type: 'null' }] },
  title: TEXT,
  sources: list(
    record({ name: { type: 'string' }, article: { type: 'string' }, note: { type: 'string' } }, ['note']),
    1,
  ),
  clauses: record(Object.fromEntries(REQUIRED_CLAUSES.map((key) => [key, TEXT]))),
};

/** A payment policy file: rules common to the schemes and what each scheme changes. */
export const paymentFileSchema = record({
  ...HEAD,
  common: { type: 'object' },
  schemes: record({ '310': { type: 'object' }, '390': { type: 'object' } }, ['310', '390']),
});

/** The complete rules of one scheme. */
export const paymentRulesSchema = record({ ...HEAD, scheme: { enum: ['310', '390'] }, ...RULES });
