/** The part of an OpenAPI schema that these answers need. */
interface SchemaObject {
  type?: string;
  format?: string;
  pattern?: string;
  example?: string;
  nullable?: boolean;
  properties?: Record<string, SchemaObject>;
  required?: string[];
  items?: SchemaObject;
}

/** Shapes of answers for the OpenAPI document: amounts are decimal yuan text, days and months text. */
export const as = {
  id: { type: 'string', format: 'uuid' },
  yuan: { type: 'string', pattern: '^-?(0|[1-9][0-9]*)\\.[0-9]{2}$', example: '7595.62' },
  text: { type: 'string' },
  count: { type: 'integer' },
  day: { type: 'string', format: 'date' },
  month: { type: 'string', example: '2026-10' },
  flag: { type: 'boolean' },
  instant: { type: 'string', format: 'date-time' },
} as const satisfies Record<string, SchemaObject>;

/** A value or null. */
export function orNull(schema: SchemaObject): SchemaObject {
  return { ...schema, nullable: true };
}

/** An object with all of these members. */
export function shape(properties: Record<string, SchemaObject>): SchemaObject {
  return { type: 'object', properties, required: Object.keys(properties) };
}

export function listOf(items: SchemaObject): SchemaObject {
  return { type: 'array', items };
}

/** One page of a list. */
export function pageOfShape(items: SchemaObject): SchemaObject {
  return shape({ items: listOf(items), nextCursor: orNull(as.text) });
}

const BILINGUAL = shape({ zh: as.text, en: as.text });

/** "How was this computed": one line per step. */
export const TRACE = listOf(
  shape({
    code: as.text,
    label: BILINGUAL,
    formula: BILINGUAL,
    inputs: listOf(shape({ name: BILINGUAL, value: as.text, unit: as.text, source: BILINGUAL })),
    result: as.text,
    unit: as.text,
    clause: BILINGUAL,
  }),
);

export const TIMELINE = listOf(
  shape({ round: as.count, step: as.text, actorName: as.text, opinion: as.text, actedAt: as.instant }),
);

export const ID = shape({ id: as.id });

export const MONTH_HEAD = {
  id: as.id,
  scheme: as.text,
  month: as.month,
  state: as.text,
  round: as.count,
  attempt: as.count,
  createdAt: as.instant,
  startedBy: as.text,
  submittedBy: orNull(as.text),
  closedOn: orNull(as.day),
  closedBy: orNull(as.text),
  policyVersion: as.text,
  budgetVersion: as.count,
  snapshotHash: orNull(as.text),
  totals: orNull(
    shape({
      providers: as.count,
      accepted: as.yuan,
      deduction: as.yuan,
      deposit: as.yuan,
      held: as.yuan,
      carryIn: as.yuan,
      recovered: as.yuan,
      adjustment: as.yuan,
      pay: as.yuan,
    }),
  ),
};

export const MONTH_LINE = {
  providerId: as.id,
  providerName: as.text,
  level: as.text,
  mode: as.text,
  settlements: as.count,
  ...Object.fromEntries(
    'accepted suspended rescue asBilled account budgeted quota cumulativeQuota eligible deposit held deduction adjustment carryIn recovered pay carryOut prepayment lastMonthAccepted ytdAccepted ytdBudgeted ytdEligible ytdPay'
      .split(' ')
      .map((name) => [name, as.yuan]),
  ),
  annualBudget: orNull(as.yuan),
  exceptions: listOf(as.text),
};

export const CLEARING_LINE = {
  providerId: as.id,
  providerName: as.text,
  level: as.text,
  ...Object.fromEntries(
    'accepted asBilled account refused budget a extra saving retained penalty borne payable paid prepaid depositHeld depositReturned depositForfeited poolShare balance'
      .split(' ')
      .map((name) => [name, as.yuan]),
  ),
  qualityFailures: listOf(as.text),
  exceptions: listOf(as.text),
};

export const CLEARING_HEAD = {
  id: as.id,
  scheme: as.text,
  year: as.count,
  state: as.text,
  round: as.count,
  attempt: as.count,
  createdAt: as.instant,
  startedBy: as.text,
  submittedBy: orNull(as.text),
  closedOn: orNull(as.day),
  closedBy: orNull(as.text),
  policyVersion: as.text,
  budgetVersion: as.count,
  snapshotHash: orNull(as.text),
  forfeits: as.yuan,
  totals: orNull(
    shape({
      providers: as.count,
      accepted: as.yuan,
      budget: as.yuan,
      payable: as.yuan,
      paid: as.yuan,
      balance: as.yuan,
    }),
  ),
};

export const BUDGET_HEAD = {
  id: as.id,
  scheme: as.text,
  year: as.count,
  version: as.count,
  state: as.text,
  reason: as.text,
  baseId: orNull(as.id),
  income: as.yuan,
  reserve: as.yuan,
  setAside: as.yuan,
  available: as.yuan,
  policyVersion: as.text,
  createdBy: as.text,
  approvedBy: orNull(as.text),
  publishedOn: orNull(as.day),
  inForceFrom: orNull(as.day),
};

export const BUDGET = shape({
  ...BUDGET_HEAD,
  setAsides: listOf(shape({ code: as.text, name: BILINGUAL, amount: as.yuan })),
  lines: listOf(
    shape({
      providerId: as.id,
      providerName: as.text,
      group: as.text,
      base: as.yuan,
      byGroupAverage: as.flag,
      weight: as.yuan,
      formula: as.yuan,
      negotiated: orNull(as.yuan),
      negotiatedReason: orNull(as.text),
      amount: as.yuan,
      used: orNull(as.yuan),
      quotas: listOf(as.yuan),
      trace: TRACE,
    }),
  ),
  timeline: TIMELINE,
});

export const ORDER = {
  id: as.id,
  orderNo: as.text,
  scheme: as.text,
  providerId: as.id,
  providerName: as.text,
  sourceKind: as.text,
  sourceId: as.id,
  attempt: as.count,
  period: as.month,
  amount: as.yuan,
  prepayment: as.yuan,
  payeeName: as.text,
  payeeBank: as.text,
  payeeAccount: as.text,
  state: as.text,
  preparedBy: as.text,
  preparedOn: as.day,
  reviewedBy: orNull(as.text),
  approvedBy: orNull(as.text),
  signedBy: orNull(as.text),
  sentOn: orNull(as.day),
  paidOn: orNull(as.day),
  bankReference: orNull(as.text),
  returnedOn: orNull(as.day),
  returnReason: orNull(as.text),
};
