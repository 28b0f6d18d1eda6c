import { DomainError } from '../../common/errors/index.js';
import { type Fen, fen, parseYuan, type Rate } from '../../common/money/index.js';
import { policyErrors } from '../../common/policy/index.js';
import { type LocalDate, parseLocalDate } from '../../common/time/index.js';
import type * as doc from './document.js';
import type {
  BenefitPolicy,
  Band,
  DeductibleRule,
  OutOfAreaRule,
  PlainBand,
  Plan,
  TierRule,
  WhoRule,
} from './policy.js';
import { RATIO_UNIT } from './policy.js';
import type { Level, Place } from './types.js';

const LEVELS: readonly Level[] = ['tertiary', 'secondary', 'primary'];

/**
 * Turns a policy document into rules that need no parsing any more. Finds what a schema cannot see: bands out of order,
 * ratios above 1, days that do not exist, deductibles without amounts. Error `policy.malformed` with all faults.
 * @param version `id@hash` of the complete document
 */
export function compilePolicy(document: doc.PolicyDocument, version: string): BenefitPolicy {
  const read = new Reader();
  const policy: BenefitPolicy = {
    id: document.id,
    version,
    region: document.region,
    scheme: document.scheme,
    validFrom: read.day(document.validFrom, '/validFrom'),
    validTo: document.validTo === undefined ? null : read.day(document.validTo, '/validTo'),
    title: document.title,
    document,
    lines: compileLines(document.lines),
    outOfArea: (document.outOfArea ?? []).map((rule, i) => compileOutOfArea(rule, read, `/outOfArea/${String(i)}`)),
    plans: Object.entries(document.plans).map(([code, plan]) => compilePlan(code, plan, read)),
    ceiling:
      document.ceiling === undefined
        ? null
        : { annual: read.yuan(document.ceiling.annual, '/ceiling/annual'), clause: document.ceiling.clause },
    ...compileAbovePool(document, read),
    eligibility: document.eligibility,
  };
  if (policy.validTo !== null && policy.validTo <= policy.validFrom) read.fault('/validTo', 'must be after validFrom');
  if (read.faults.length > 0) {
    throw new DomainError(policyErrors.malformed, { file: document.id, errors: read.faults });
  }
  return policy;
}

/** Reads the scalars of a document and collects everything that is wrong, with its place. */
class Reader {
  readonly faults: string[] = [];

  fault(place: string, what: string): void {
    this.faults.push(`${place} ${what}`);
  }

  yuan(value: doc.Yuan, place: string): Fen {
    try {
      return parseYuan(String(value));
    } catch {
      this.fault(place, `"${String(value)}" is not an amount in yuan`);
      return fen(0n);
    }
  }

  /** A ratio between 0 and 1 as millionths; at most six decimals. */
  ratio(value: doc.Ratio, place: string): bigint {
    const match = /^(\d{1,3})(?:\.(\d{1,6}))?(%?)$/.exec(String(value));
    const scaled = match === null ? -1n : BigInt(`${match[1] ?? ''}${(match[2] ?? '').padEnd(6, '0')}`);
    const percent = match?.[3] === '%';
    const millionths = percent ? scaled / 100n : scaled;
    if (match === null || (percent && scaled % 100n !== 0n) || millionths > RATIO_UNIT) {
      this.fault(place, `"${String(value)}" is not a ratio between 0 and 1 (or 0% and 100%) with at most six decimals`);
      return 0n;
    }
    return millionths;
  }

  rate(value: doc.Ratio, place: string): Rate {
    return { numerator: this.ratio(value, place), denominator: RATIO_UNIT };
  }

  day(value: string, place: string): LocalDate {
    try {
      return parseLocalDate(value);
    } catch {
      this.fault(place, `"${value}" is not a day`);
      return '0001-01-01' as LocalDate;
    }
  }
}

function compileLines(lines: doc.LinesDocument): BenefitPolicy['lines'] {
  return {
    clause: lines.clause,
    overLimitWithoutConsent: lines.hospitalBears?.overLimitWithoutConsent ?? false,
    ownPayWithoutConsent: lines.hospitalBears?.ownPayWithoutConsent ?? false,
    refusedByReview: lines.hospitalBears?.refusedByReview ?? false,
  };
}

function compileOutOfArea(rule: doc.OutOfAreaDocument, read: Reader, place: string): OutOfAreaRule {
  if (rule.style !== 'refuse' && rule.value === undefined) read.fault(place, `style ${rule.style} needs a value`);
  return {
    from: rule.from === undefined ? ('0001-01-01' as LocalDate) : read.day(rule.from, `${place}/from`),
    to: rule.to === undefined ? null : read.day(rule.to, `${place}/to`),
    places: new Set(rule.places),
    referrals: setOrNull(rule.referrals),
    categories: setOrNull(rule.categories),
    levels: setOrNull(rule.levels),
    style: rule.style,
    value: rule.value === undefined ? 0n : read.ratio(rule.value, `${place}/value`),
    exceptEmergency: rule.exceptEmergency ?? true,
    exceptMarks: setOrNull(rule.exceptMarks),
    clause: rule.clause,
  };
}

function compilePlan(code: string, plan: doc.PlanDocument, read: Reader): Plan {
  const place = `/plans/${code}`;
  const byDisease = typeof plan.annualLimit === 'object' ? plan.annualLimit : null;
  if (plan.accumulator === 'disease' && plan.for.chronicCodes === undefined) {
    read.fault(place, 'accumulator disease needs for.chronicCodes');
  }
  return {
    code,
    name: plan.name,
    who: compileWho(plan.for),
    categories: setOrNull(plan.for.categories),
    tags: setOrNull(plan.for.tags),
    chronicCodes: setOrNull(plan.for.chronicCodes),
    levels: setOrNull(plan.for.levels),
    accumulator: plan.accumulator,
    deductible: plan.deductible === undefined ? null : compileDeductible(plan.deductible, read, `${place}/deductible`),
    tiers: plan.tiers === undefined ? null : compileTiers(plan.tiers, read, `${place}/tiers`),
    bonuses: (plan.bonuses ?? []).map((bonus, i) => ({
      who: compileWho(bonus),
      levels: setOrNull(bonus.levels),
      points: read.ratio(bonus.points, `${place}/bonuses/${String(i)}/points`),
      clause: bonus.clause,
    })),
    perVisitLimit: plan.perVisitLimit === undefined ? null : read.yuan(plan.perVisitLimit, `${place}/perVisitLimit`),
    annualLimit:
      plan.annualLimit === undefined || byDisease !== null
        ? null
        : read.yuan(plan.annualLimit as doc.Yuan, `${place}/annualLimit`),
    diseaseLimits:
      byDisease === null
        ? null
        : new Map(
            Object.entries(byDisease).map(([disease, limit]) => [disease, read.yuan(limit, `${place}/${disease}`)]),
          ),
    countsTowardsCeiling: plan.countsTowardsCeiling ?? true,
    countsTowardsCatastrophic: plan.countsTowardsCatastrophic ?? true,
    independent: plan.independent ?? false,
    clause: plan.clause,
  };
}

function compileDeductible(rule: doc.DeductibleDocument, read: Reader, place: string): DeductibleRule {
  if (rule.kind !== 'shared' && rule.amounts?.['in-pool'] === undefined) {
    read.fault(place, `kind ${rule.kind} needs amounts for in-pool`);
  }
  const amounts = rule.amounts?.['in-pool'] === undefined ? null : compileAmounts(rule.amounts, read, place);
  return {
    kind: rule.kind,
    amounts,
    admissionShares: (rule.admissionShares ?? [1]).map((share) => read.rate(share, `${place}/admissionShares`)),
    annualCap: rule.annualCap === undefined ? null : read.yuan(rule.annualCap, `${place}/annualCap`),
    up: rule.referral?.up ?? 'full',
    down: rule.referral?.down ?? 'full',
    reliefs: (rule.reliefs ?? []).map((relief) => ({
      who: compileWho(relief),
      share: read.rate(relief.share, `${place}/reliefs/share`),
      clause: relief.clause,
    })),
    clause: rule.clause,
  };
}

/** A place without amounts of its own has those of in-pool. */
function compileAmounts(
  amounts: Readonly<Partial<Record<Place, doc.LevelYuan>>>,
  read: Reader,
  place: string,
): Record<Place, Record<Level, Fen>> {
  const of = (where: Place): Record<Level, Fen> =>
    byLevel((level) => read.yuan((amounts[where] ?? amounts['in-pool'])?.[level] ?? 0, `${place}/${where}/${level}`));
  return { 'in-pool': of('in-pool'), 'out-filed': of('out-filed'), 'out-unfiled': of('out-unfiled') };
}

function compileTiers(tiers: doc.TiersDocument, read: Reader, place: string): TierRule {
  const marks = compileMarks(tiers.bands, read, place);
  const bands: Band[] = tiers.bands.map((band, i) => {
    const { ratio } = band;
    const at = `${place}/bands/${String(i)}`;
    const all = typeof ratio === 'object' ? null : read.ratio(ratio, at);
    return {
      ...(marks[i] ?? { from: fen(0n), upTo: null }),
      ratio: byLevel((level) => all ?? read.ratio((ratio as Record<Level, doc.Ratio>)[level], `${at}/${level}`)),
    };
  });
  return { by: tiers.by, deductibleInsideBands: tiers.deductibleInsideBands ?? true, bands, clause: tiers.clause };
}

function compilePlainBands(
  bands: readonly { readonly upTo?: doc.Yuan; readonly ratio: doc.Ratio }[],
  read: Reader,
  place: string,
): PlainBand[] {
  const marks = compileMarks(bands, read, place);
  return bands.map((band, i) => ({
    ...(marks[i] ?? { from: fen(0n), upTo: null }),
    ratio: read.ratio(band.ratio, `${place}/bands/${String(i)}`),
  }));
}

function compileMarks(
  bands: readonly { readonly upTo?: doc.Yuan }[],
  read: Reader,
  place: string,
): { from: Fen; upTo: Fen | null }[] {
  let from = fen(0n);
  return bands.map((band, i) => {
    const last = i === bands.length - 1;
    if (band.upTo === undefined && !last) read.fault(`${place}/bands/${String(i)}`, 'only the last band may be open');
    const upTo = band.upTo === undefined ? null : read.yuan(band.upTo, `${place}/bands/${String(i)}/upTo`);
    if (upTo !== null && upTo <= from) read.fault(`${place}/bands/${String(i)}`, 'must end above the band before');
    const mark = { from, upTo };
    from = upTo ?? from;
    return mark;
  });
}

function compileAbovePool(
  document: doc.PolicyDocument,
  read: Reader,
): Pick<BenefitPolicy, 'largeAmount' | 'catastrophic' | 'supplements' | 'assistance' | 'account'> {
  const { largeAmount: large, catastrophic, account } = document;
  const cap = (value: doc.Yuan | undefined, place: string): Fen | null =>
    value === undefined ? null : read.yuan(value, place);
  return {
    largeAmount:
      large === undefined
        ? null
        : {
            bands: compilePlainBands(large.bands, read, '/largeAmount'),
            annualCap: cap(large.annualCap, '/largeAmount/annualCap'),
            cutApplies: large.cutApplies ?? false,
            clause: large.clause,
          },
    catastrophic: catastrophic === undefined ? null : compileCatastrophic(catastrophic, read),
    supplements: (document.supplements ?? []).map((rule, i) => ({
      fund: rule.fund,
      who: compileWho(rule.for),
      categories: setOrNull(rule.for.categories),
      inscope: rule.base.includes('inscope'),
      preselfpay: rule.base.includes('preselfpay'),
      ratio: read.rate(rule.ratio, `/supplements/${String(i)}/ratio`),
      annualCap: cap(rule.annualCap, `/supplements/${String(i)}/annualCap`),
      clause: rule.clause,
    })),
    assistance: (document.assistance ?? []).map((rule, i) => ({
      who: compileWho(rule.for),
      categories: setOrNull(rule.for.categories),
      ratio: read.rate(rule.ratio, `/assistance/${String(i)}/ratio`),
      annualCap: cap(rule.annualCap, `/assistance/${String(i)}/annualCap`),
      clause: rule.clause,
    })),
    account:
      account === undefined
        ? null
        : { covers: new Set(account.covers), categories: setOrNull(account.categories), clause: account.clause },
  };
}

function compileCatastrophic(rule: doc.CatastrophicDocument, read: Reader): NonNullable<BenefitPolicy['catastrophic']> {
  return {
    fund: rule.fund ?? 'hifmi',
    counts: new Set(rule.counts),
    threshold: read.yuan(rule.threshold, '/catastrophic/threshold'),
    bandsOn: rule.bandsOn,
    bands: compilePlainBands(rule.bands, read, '/catastrophic'),
    annualCap: rule.annualCap === undefined ? null : read.yuan(rule.annualCap, '/catastrophic/annualCap'),
    special: (rule.special ?? []).map((special) => ({
      who: compileWho(special),
      thresholdShare: read.rate(special.thresholdShare ?? 1, '/catastrophic/special/thresholdShare'),
      points: read.ratio(special.points ?? 0, '/catastrophic/special/points'),
      noCap: special.noCap ?? false,
      clause: special.clause,
    })),
    clause: rule.clause,
  };
}

function compileWho(who: doc.Who): WhoRule {
  return { insuredTypes: setOrNull(who.insuredTypes), marks: setOrNull(who.marks), minAge: who.minAge ?? null };
}

function setOrNull<T>(values: readonly T[] | undefined): ReadonlySet<T> | null {
  return values === undefined ? null : new Set(values);
}

function byLevel<T>(of: (level: Level) => T): Record<Level, T> {
  const [tertiary, secondary, primary] = LEVELS.map(of) as [T, T, T];
  return { tertiary, secondary, primary };
}
