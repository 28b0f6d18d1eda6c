import { DomainError } from '../../common/errors/index.js';
import { multiplyRate, yuanText, type Fen } from '../../common/money/index.js';
import { type Bill, type MutableSplit, step } from './bill.js';
import { benefitErrors } from './errors.js';
import type { BenefitPolicy } from './policy.js';
import type { BenefitLine } from './types.js';

const ZERO = 0n as Fen;
const DECIMAL = /^(\d{1,12})(?:\.(\d{1,4}))?$/;

/**
 * Splits every line (费用明细拆分): own-pay, over the ceiling, paid first, in scope – in this order, half-up to the fen at the
 * line. What a reviewer refused is own-pay, or the hospital's when the policy says so.
 * Errors: `benefits.no-lines`, `benefits.bad-line`, `benefits.repeated-line`.
 */
export function splitLines(bill: Bill): void {
  const { input, policy, totals } = bill;
  if (input.lines.length === 0) throw new DomainError(benefitErrors['no-lines']);
  const seen = new Set<number>();
  let refused = 0n;
  for (const line of input.lines) {
    if (seen.has(line.lineNo)) throw new DomainError(benefitErrors['repeated-line'], { lineNo: line.lineNo });
    seen.add(line.lineNo);
    const split = splitLine(line, policy.lines);
    refused += split.refused;
    bill.lines.push(split.line);
    add(bill, split.line);
    bill.hospital = (bill.hospital + split.line.hospital) as Fen;
    bill.remaining.ownpay = (bill.remaining.ownpay + split.ownpayOfPerson) as Fen;
    bill.remaining.overlimit = (bill.remaining.overlimit + split.overlimitOfPerson) as Fen;
  }
  bill.remaining.preselfpay = totals.preselfpay;
  bill.remaining.inscope = totals.inscp;
  step(bill, 'lines', { base: totals.total, amount: totals.inscp }, policy.lines.clause, {
    ownpay: yuanText(totals.fulamtOwnpay),
    overlimit: yuanText(totals.overlmtSelfpay),
    preselfpay: yuanText(totals.preselfpay),
  });
  if (refused > 0n) {
    step(bill, 'refused-by-review', { base: totals.total, amount: refused as Fen }, policy.lines.clause);
  }
  if (bill.hospital > 0n) {
    step(bill, 'hospital-bears', { base: totals.total, amount: bill.hospital }, policy.lines.clause);
  }
}

interface OneSplit {
  readonly line: MutableSplit;
  readonly refused: Fen;
  readonly ownpayOfPerson: Fen;
  readonly overlimitOfPerson: Fen;
}

/** Splits one line. Pure; the plan is filled in later. */
export function splitLine(line: BenefitLine, rules: BenefitPolicy['lines']): OneSplit {
  if (line.amount < 0n) throw badLine(line, 'amount below zero');
  const { numerator, denominator } = line.selfpayRate;
  if (numerator < 0n || numerator > denominator) throw badLine(line, 'self-pay share outside 0 … 1');

  const allowed = line.approved === undefined ? line.amount : approvedAmount(line);
  const refused = (line.amount - allowed) as Fen;
  const outside = line.class === 'C' || line.class === 'none' || line.restrictedUnapproved === true;
  const ownpay = outside ? allowed : ZERO;
  const overlimit = outside ? ZERO : overCeiling(line, allowed);
  const preselfpay =
    outside || line.class === 'A' ? ZERO : multiplyRate((allowed - overlimit) as Fen, line.selfpayRate);
  const inscp = outside ? ZERO : ((allowed - overlimit - preselfpay) as Fen);

  const unsigned = line.consent === false;
  const refusedOfHospital = rules.refusedByReview ? refused : ZERO;
  const ownpayOfHospital = unsigned && rules.ownPayWithoutConsent ? ownpay : ZERO;
  const overlimitOfHospital = unsigned && rules.overLimitWithoutConsent ? overlimit : ZERO;
  return {
    line: {
      lineNo: line.lineNo,
      total: line.amount,
      fulamtOwnpay: (ownpay + refused) as Fen,
      overlmtSelfpay: overlimit,
      preselfpay,
      inscp,
      hospital: (refusedOfHospital + ownpayOfHospital + overlimitOfHospital) as Fen,
      plan: '',
    },
    refused,
    ownpayOfPerson: (ownpay + refused - refusedOfHospital - ownpayOfHospital) as Fen,
    overlimitOfPerson: (overlimit - overlimitOfHospital) as Fen,
  };
}

/** (price − ceiling) × quantity, half-up, at most the amount of the line; the approved price and quantity go first. */
function overCeiling(line: BenefitLine, allowed: Fen): Fen {
  if (line.ceiling === undefined) return ZERO;
  const price = least(decimal(line, line.unitPrice), line.approved?.unitPrice, line);
  const ceiling = line.ceiling * 100n;
  if (price <= ceiling) return ZERO;
  const quantity = least(decimal(line, line.quantity), line.approved?.quantity, line);
  const over = toFen((price - ceiling) * quantity);
  return over < allowed ? over : allowed;
}

/** What the reviewer let pass: approved price × approved quantity, never more than was billed. "0" means nothing. */
function approvedAmount(line: BenefitLine): Fen {
  const price = least(decimal(line, line.unitPrice), line.approved?.unitPrice, line);
  const quantity = least(decimal(line, line.quantity), line.approved?.quantity, line);
  const unchanged = price === decimal(line, line.unitPrice) && quantity === decimal(line, line.quantity);
  const allowed = unchanged ? line.amount : toFen(price * quantity);
  return allowed < line.amount ? allowed : line.amount;
}

function least(own: bigint, approved: string | undefined, line: BenefitLine): bigint {
  if (approved === undefined) return own;
  const value = decimal(line, approved);
  return value < own ? value : own;
}

/** Decimal text as ten-thousandths. */
function decimal(line: BenefitLine, text: string): bigint {
  const match = DECIMAL.exec(text);
  if (match === null) throw badLine(line, `"${text.slice(0, 20)}" is not a decimal with at most four places`);
  return BigInt(`${match[1] ?? ''}${(match[2] ?? '').padEnd(4, '0')}`);
}

/** Ten-thousandths of a yuan × ten-thousandths of a unit → fen, half-up. */
function toFen(product: bigint): Fen {
  return ((product * 2n + 1_000_000n) / 2_000_000n) as Fen;
}

function badLine(line: BenefitLine, reason: string): DomainError {
  return new DomainError(benefitErrors['bad-line'], { lineNo: line.lineNo, reason });
}

function add(bill: Bill, line: MutableSplit): void {
  const { totals } = bill;
  totals.total = (totals.total + line.total) as Fen;
  totals.fulamtOwnpay = (totals.fulamtOwnpay + line.fulamtOwnpay) as Fen;
  totals.overlmtSelfpay = (totals.overlmtSelfpay + line.overlmtSelfpay) as Fen;
  totals.preselfpay = (totals.preselfpay + line.preselfpay) as Fen;
  totals.inscp = (totals.inscp + line.inscp) as Fen;
}
