import { type Fen, multiplyRate, yuanText, ZERO_FEN } from '../../common/money/index.js';
import { boundedRatio, walkBands } from './bands.js';
import { type Bill, payFrom, share, step } from './bill.js';
import type { Piece } from './document.js';
import type { AssistanceRule, CatastrophicRule, PlainBand, SupplementRule } from './policy.js';
import { RATIO_UNIT } from './policy.js';
import { admits, isFor } from './who.js';

const OUTWARDS: readonly Piece[] = ['inscope', 'preselfpay', 'overlimit', 'ownpay'];

/** Employee large-amount subsidy (职工大额): what lies beyond the pool's annual ceiling. */
export function payLargeAmount(bill: Bill): void {
  const rule = bill.policy.largeAmount;
  if (rule === null || bill.overflow === 0n) return;
  const used = bill.input.accumulators.largePaid;
  const walked = walkBands(
    rule.bands,
    (band: PlainBand) => boundedRatio(band.ratio, 0n, rule.cutApplies ? bill.cut : 0n),
    { amount: bill.overflow, position: used, measure: 'paid', limit: leftOf(rule.annualCap, used) },
  );
  for (const part of walked.parts) {
    step(bill, 'large-amount', { base: part.base, ratio: part.ratio, amount: part.paid }, rule.clause);
  }
  payFrom(bill, 'hifob', walked.paid, ['inscope']);
  bill.delta.largePaid = walked.paid;
}

/**
 * Catastrophic insurance (大病保险): the personal burden of the year above the threshold, by marginal bands, settled with each
 * bill. `burden`: bands are marks on the cumulative burden itself; `excess`: they begin at the threshold. Poor people have a
 * lower threshold, more points and no cap. The burden is counted before this insurance pays.
 */
export function payCatastrophic(bill: Bill): void {
  const rule = bill.policy.catastrophic;
  const now = burdenOf(bill, rule);
  bill.delta.burden = now;
  if (rule === null || now === 0n) return;

  const { accumulators } = bill.input;
  const special = rule.special.find((candidate) => isFor(candidate.who, bill.input));
  const threshold = special === undefined ? rule.threshold : multiplyRate(rule.threshold, special.thresholdShare);
  const after = (accumulators.burden + now) as Fen;
  step(bill, 'catastrophic-burden', { base: after, amount: now }, special?.clause ?? rule.clause, {
    threshold: yuanText(threshold),
  });
  const start = accumulators.burden > threshold ? accumulators.burden : threshold;
  if (after <= start) return;

  const points = special?.points ?? 0n;
  const walked = walkBands(rule.bands, (band: PlainBand) => boundedRatio(band.ratio, points, 0n), {
    amount: (after - start) as Fen,
    position: (rule.bandsOn === 'burden' ? start : start - threshold) as Fen,
    measure: 'inscope',
    limit: special?.noCap === true ? null : leftOf(rule.annualCap, accumulators.catastrophicPaid),
  });
  for (const part of walked.parts) {
    step(bill, 'catastrophic-tier', { base: part.base, ratio: part.ratio, amount: part.paid }, rule.clause, {
      from: yuanText(part.from),
      ...(part.upTo === null ? {} : { upTo: yuanText(part.upTo) }),
    });
  }
  if (walked.limitReached) {
    step(bill, 'catastrophic-cap', { base: walked.rest, amount: walked.paid }, rule.clause);
  }
  payFrom(
    bill,
    rule.fund,
    walked.paid,
    OUTWARDS.filter((piece) => rule.counts.has(piece)),
  );
  bill.delta.catastrophicPaid = walked.paid;
}

/** What of this bill counts: in-scope amounts of the plans that count, and further pieces that the policy names. */
function burdenOf(bill: Bill, rule: CatastrophicRule | null): Fen {
  const counts = (piece: Piece): bigint => (rule?.counts.has(piece) === true ? bill.remaining[piece] : 0n);
  const inscope = rule === null || rule.counts.has('inscope') ? bill.counted - bill.funds.hifob : 0n;
  const bounded = inscope < 0n ? 0n : inscope;
  const further = bill.counted > 0n ? counts('preselfpay') + counts('overlimit') + counts('ownpay') : 0n;
  return (bounded + further) as Fen;
}

/** Civil-servant subsidy and employer supplement (公务员补助、企业补充), in the policy's order, each on what is left. */
export function paySupplements(bill: Bill): void {
  for (const rule of bill.policy.supplements) {
    if (admits(rule.categories, bill.input.category) && isFor(rule.who, bill.input)) paySupplement(bill, rule);
  }
}

function paySupplement(bill: Bill, rule: SupplementRule): void {
  const { remaining, delta } = bill;
  const { accumulators } = bill.input;
  const base = ((rule.inscope ? remaining.inscope : 0n) + (rule.preselfpay ? remaining.preselfpay : 0n)) as Fen;
  if (base === 0n) return;
  const civil = rule.fund === 'cvlserv';
  const used = civil
    ? accumulators.civilServantPaid + delta.civilServantPaid
    : accumulators.employerPaid + delta.employerPaid;
  const paid = capped(multiplyRate(base, rule.ratio), leftOf(rule.annualCap, used as Fen));
  step(
    bill,
    civil ? 'civil-servant' : 'employer-supplement',
    { base, ratio: rule.ratio.numerator, amount: paid },
    rule.clause,
  );
  payFrom(
    bill,
    rule.fund,
    paid,
    OUTWARDS.filter((piece) => (piece === 'inscope' && rule.inscope) || (piece === 'preselfpay' && rule.preselfpay)),
  );
  if (civil) delta.civilServantPaid = (delta.civilServantPaid + paid) as Fen;
  else delta.employerPaid = (delta.employerPaid + paid) as Fen;
}

/** Medical assistance (医疗救助) by identity, on the in-scope remainder, up to its yearly cap. The first rule that fits applies. */
export function payAssistance(bill: Bill): void {
  const base = bill.remaining.inscope;
  if (base === 0n) return;
  const rule = bill.policy.assistance.find(
    (candidate: AssistanceRule) =>
      admits(candidate.categories, bill.input.category) && isFor(candidate.who, bill.input),
  );
  if (rule === undefined) return;
  const paid = capped(
    share(base, (rule.ratio.numerator * RATIO_UNIT) / rule.ratio.denominator),
    leftOf(rule.annualCap, bill.input.accumulators.assistancePaid),
  );
  step(bill, 'assistance', { base, ratio: rule.ratio.numerator, amount: paid }, rule.clause);
  payFrom(bill, 'maf', paid, ['inscope']);
  bill.delta.assistancePaid = paid;
}

function leftOf(cap: Fen | null, used: Fen): Fen | null {
  if (cap === null) return null;
  return cap > used ? ((cap - used) as Fen) : ZERO_FEN;
}

function capped(amount: Fen, limit: Fen | null): Fen {
  return limit !== null && limit < amount ? limit : amount;
}
