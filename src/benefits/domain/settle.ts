import { DomainError } from '../../common/errors/index.js';
import { type Fen, ZERO_FEN } from '../../common/money/index.js';
import { isInForce } from '../../common/policy/index.js';
import { payAssistance, payCatastrophic, payLargeAmount, paySupplements } from './above-pool.js';
import { addAccumulators } from './accumulators.js';
import { type Bill, openBill, step } from './bill.js';
import { benefitErrors } from './errors.js';
import { splitLines } from './lines.js';
import { adjustForPlace } from './out-of-area.js';
import type { BenefitPolicy } from './policy.js';
import { payFromPool } from './pool.js';
import type { BenefitInput, BenefitResult } from './types.js';

/**
 * Settles a bill: lines → place and referral → deductible → pooled tiers → large amount or catastrophic → supplements →
 * assistance → personal account → cash. Pure: the same input and policy give the same result, to the last step of the trace.
 * Errors: `benefits.other-scheme`, `.not-in-force`, `.no-lines`, `.bad-line`, `.repeated-line`, `.no-plan`, `.referral-required`.
 */
export function settle(input: BenefitInput, policy: BenefitPolicy): BenefitResult {
  if (input.scheme !== policy.scheme) {
    throw new DomainError(benefitErrors['other-scheme'], { scheme: input.scheme, policy: policy.id });
  }
  if (!isInForce({ from: policy.validFrom, to: policy.validTo }, input.visitDate)) {
    throw new DomainError(benefitErrors['not-in-force'], { policy: policy.id, date: input.visitDate });
  }
  const bill = openBill(input, policy);
  splitLines(bill);
  adjustForPlace(bill);
  payFromPool(bill);
  payLargeAmount(bill);
  payCatastrophic(bill);
  paySupplements(bill);
  payAssistance(bill);
  return close(bill, payFromAccount(bill));
}

/** Personal account (个人账户): pays what the policy lets it pay, as far as the balance goes. */
function payFromAccount(bill: Bill): Fen {
  const { account } = bill.policy;
  const { accountBalance, category } = bill.input;
  if (account === null || accountBalance <= 0n) return ZERO_FEN;
  if (account.categories !== null && !account.categories.has(category)) return ZERO_FEN;
  let base = 0n;
  for (const piece of account.covers) base += bill.remaining[piece];
  if (base === 0n) return ZERO_FEN;
  const paid = (base < accountBalance ? base : accountBalance) as Fen;
  step(bill, 'account', { base: base as Fen, amount: paid }, account.clause);
  return paid;
}

function close(bill: Bill, acctPay: Fen): BenefitResult {
  const { funds, totals, input } = bill;
  const fundPaySum = (funds.hifp +
    funds.cvlserv +
    funds.hifes +
    funds.hifmi +
    funds.hifob +
    funds.maf +
    funds.oth) as Fen;
  const psnPart = (totals.total - fundPaySum - bill.hospital) as Fen;
  const cashPay = (psnPart - acctPay) as Fen;
  step(bill, 'cash', { base: psnPart, amount: cashPay }, bill.policy.lines.clause);
  return {
    lines: bill.lines,
    totals,
    funds,
    fundPaySum,
    psnPart,
    hospPart: bill.hospital,
    acctPay,
    cashPay,
    deductible: bill.deductible,
    special: bill.special,
    delta: bill.delta,
    trace: bill.trace,
    policyVersion: bill.policy.version,
    after: addAccumulators(input.accumulators, bill.delta),
  };
}
