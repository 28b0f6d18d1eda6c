import { compileSchema, HttpError } from '../common/http/index.js';
import { DomainError } from '../common/errors/index.js';
import { type Fen, fen, parseYuan, sumFen, yuanText } from '../common/money/index.js';
import { type LocalDate, monthOf, parseLocalDate, yearOf } from '../common/time/index.js';
import type { Category, Referral } from '../benefits/index.js';
import type { Bill, BillLine } from './domain/types.js';
import { claimsErrors } from './errors.js';

/** Largest bill; a longer stay is settled in parts (中途结算). Documented in docs/benchmarks.md and the OpenAPI document. */
export const MAX_LINES = 10_000;
const PAYLOAD_TOO_LARGE = 413;
const MAX_FAULTS = 100;
/** How far back a bill may be booked that was left behind (补结算); the month must still be open. */
const BACK_YEARS = 1;
const REMEMBERED_DAYS = 1_000;

const UUID = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
const DAY = '^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';
const AMOUNT = '^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,2})?$';
const DECIMAL4 = '^(0|[1-9][0-9]{0,7})(\\.[0-9]{1,4})?$';
const CODE = '^[0-9A-Za-z.+*_-]{1,40}$';

const day = { type: 'string', pattern: DAY, examples: ['2026-10-31'] };
const code = { type: 'string', pattern: CODE };
const text = (maxLength: number): Record<string, unknown> => ({ type: 'string', minLength: 1, maxLength });

const LINE_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['lineNo', 'itemCode', 'quantity', 'unitPrice', 'amount'],
  properties: {
    lineNo: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    itemCode: code,
    quantity: { type: 'string', pattern: DECIMAL4, examples: ['2'] },
    unitPrice: { type: 'string', pattern: DECIMAL4, examples: ['12.5000'] },
    amount: { type: 'string', pattern: AMOUNT, examples: ['25.00'] },
    feeDate: day,
    restrictedUnapproved: { type: 'boolean' },
    consent: { type: 'boolean' },
    outsideCatalogue: { type: 'boolean' },
  },
};

/** The one schema of a bill: requests are checked with it and the OpenAPI document shows it. Money is decimal text. */
export const BILL_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['billNo', 'personId', 'category', 'admittedOn', 'lines'],
  properties: {
    billNo: { type: 'string', pattern: '^[0-9A-Za-z_.-]{1,64}$', description: 'the provider’s own number of the bill' },
    personId: { type: 'string', pattern: UUID },
    providerId: { type: 'string', pattern: UUID, description: 'may be left out by a user of a provider' },
    category: { enum: ['outpatient', 'chronic', 'inpatient', 'pharmacy'] },
    admittedOn: day,
    dischargedOn: { ...day, description: 'left out = the day of admission' },
    settledOn: { ...day, description: 'left out = today; not in the future' },
    referral: { enum: ['none', 'referred', 'emergency', 'not-needed'], default: 'not-needed' },
    chronicCode: code,
    physicianId: { type: 'string', pattern: UUID },
    departmentCode: text(40),
    mainDiagnosis: code,
    otherDiagnoses: { type: 'array', maxItems: 60, items: code },
    mainProcedure: code,
    otherProcedures: { type: 'array', maxItems: 60, items: code },
    dischargeWay: text(10),
    total: { type: 'string', pattern: AMOUNT, description: 'when given, must equal the sum of the lines' },
    lines: { type: 'array', minItems: 1, maxItems: MAX_LINES, items: LINE_SCHEMA },
  },
};

/** A bill as it came over the wire, after the schema. */
export interface BillBody {
  readonly billNo: string;
  readonly personId: string;
  readonly providerId?: string;
  readonly category: Category;
  readonly admittedOn: string;
  readonly dischargedOn?: string;
  readonly settledOn?: string;
  readonly referral?: Referral;
  readonly chronicCode?: string;
  readonly physicianId?: string;
  readonly departmentCode?: string;
  readonly mainDiagnosis?: string;
  readonly otherDiagnoses?: readonly string[];
  readonly mainProcedure?: string;
  readonly otherProcedures?: readonly string[];
  readonly dischargeWay?: string;
  readonly total?: string;
  readonly lines: readonly LineBody[];
}

interface LineBody {
  readonly lineNo: number;
  readonly itemCode: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly feeDate?: string;
  readonly restrictedUnapproved?: boolean;
  readonly consent?: boolean;
  readonly outsideCatalogue?: boolean;
}

const check = compileSchema<BillBody>(BILL_SCHEMA);

/**
 * Checks a body by its schema. The number of lines is looked at first, so that a bill far too long is refused (413)
 * before anything walks through it.
 */
export function readBillBody(body: unknown): BillBody {
  const lines = typeof body === 'object' && body !== null ? (body as { lines?: unknown }).lines : undefined;
  if (Array.isArray(lines) && lines.length > MAX_LINES) {
    throw new HttpError(claimsErrors['too-many-lines'], PAYLOAD_TOO_LARGE, { limit: MAX_LINES, count: lines.length });
  }
  return check(body);
}

/**
 * A bill from its body: real days, amounts in fen, each line number once, amount = quantity × price to the fen, lines sum
 * to the total. All faults are told at once (`claims.line-faults`).
 */
export function billOf(body: BillBody, providerId: string, today: LocalDate): Bill {
  const admittedOn = dayOf(body.admittedOn);
  const dischargedOn = body.dischargedOn === undefined ? admittedOn : dayOf(body.dischargedOn);
  const settledOn = body.settledOn === undefined ? today : dayOf(body.settledOn);
  const oldest = `${String(yearOf(today) - BACK_YEARS)}${today.slice(4, 7)}`;
  if (dischargedOn < admittedOn || settledOn < dischargedOn || settledOn > today || monthOf(settledOn) < oldest) {
    throw new DomainError(claimsErrors['settled-on-out-of-range'], { admittedOn, dischargedOn, settledOn, today });
  }
  const lines = body.lines.map((line) => lineOf(line, dischargedOn));
  requireConsistent(body, lines);
  return {
    ...optional(body),
    billNo: body.billNo,
    personId: body.personId.toLowerCase(),
    providerId,
    category: body.category,
    admittedOn,
    dischargedOn,
    settledOn,
    settleMonth: monthOf(settledOn),
    referral: body.referral ?? 'not-needed',
    lines,
    source: 'rest',
  };
}

function optional(body: BillBody): Partial<Bill> {
  const { chronicCode, physicianId, departmentCode, mainDiagnosis, otherDiagnoses, mainProcedure } = body;
  const { otherProcedures, dischargeWay } = body;
  const given = { chronicCode, physicianId, departmentCode, mainDiagnosis, otherDiagnoses, mainProcedure };
  return { ...given, otherProcedures, dischargeWay };
}

function lineOf(line: LineBody, visitOn: LocalDate): BillLine {
  return {
    lineNo: line.lineNo,
    itemCode: line.itemCode,
    quantity: shortDecimal(line.quantity),
    unitPrice: shortDecimal(line.unitPrice),
    amount: parseYuan(line.amount),
    feeDate: line.feeDate === undefined ? visitOn : dayOf(line.feeDate),
    ...(line.restrictedUnapproved === undefined ? {} : { restrictedUnapproved: line.restrictedUnapproved }),
    ...(line.consent === undefined ? {} : { consent: line.consent }),
    ...(line.outsideCatalogue === undefined ? {} : { outsideCatalogue: line.outsideCatalogue }),
  };
}

function requireConsistent(body: BillBody, lines: readonly BillLine[]): void {
  const faults: { field: string; rule: string; message: string }[] = [];
  const seen = new Set<number>();
  lines.forEach((line, index) => {
    const field = `lines.${String(index)}`;
    if (seen.has(line.lineNo)) {
      faults.push({
        field: `${field}.lineNo`,
        rule: 'unique',
        message: `line number ${String(line.lineNo)} is used twice`,
      });
    }
    seen.add(line.lineNo);
    const expected = product(line.quantity, line.unitPrice);
    if (line.amount !== expected) {
      faults.push({
        field: `${field}.amount`,
        rule: 'product',
        message: `${yuanText(line.amount)} is not quantity × unit price = ${yuanText(expected)}`,
      });
    }
  });
  const sum = sumFen(lines.map((line) => line.amount));
  if (body.total !== undefined && parseYuan(body.total) !== sum) {
    faults.push({
      field: 'total',
      rule: 'sum',
      message: `${body.total} is not the sum of the lines, ${yuanText(sum)}`,
    });
  }
  if (faults.length > 0) {
    throw new DomainError(claimsErrors['line-faults'], { count: faults.length, errors: faults.slice(0, MAX_FAULTS) });
  }
}

const known = new Set<string>();

/** `parseLocalDate`, remembering the days that were real: bills of a week share a few days, and the calendar is slow. */
function dayOf(text: string): LocalDate {
  if (known.has(text)) return text as LocalDate;
  const day = parseLocalDate(text);
  if (known.size >= REMEMBERED_DAYS) known.clear();
  known.add(text);
  return day;
}

/** quantity × price in fen, half-up once. Both are decimal text with at most four decimals. */
function product(quantity: string, unitPrice: string): Fen {
  const scaled = tenThousandths(quantity) * tenThousandths(unitPrice) * 100n;
  const unit = 100_000_000n;
  return fen((scaled * 2n + unit) / (unit * 2n));
}

function tenThousandths(decimal: string): bigint {
  const [whole = '0', part = ''] = decimal.split('.');
  return BigInt(whole + part.padEnd(4, '0'));
}

/** Without trailing zeros, as the database gives it back: a replayed answer must not differ by "1.50" and "1.5". */
function shortDecimal(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
}
