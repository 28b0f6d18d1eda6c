import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type BenefitInput, BenefitPolicies, emptyAccumulators, settle } from '../../benefits/index.js';
import type { Bill } from '../../claims/index.js';
import { type Fen, fen, parseYuan, sumFen, yuanText } from '../../common/money/index.js';
import { type LocalDate, type Month, parseLocalDate, yearOf } from '../../common/time/index.js';
import { parseIdNumber } from '../../enrollment/index.js';
import type { DemoReversal } from './bills.js';
import { COUNTIES } from './geography.js';
import { generateProviders } from './institutions.js';
import type { BenefitDesk } from './past.js';
import type { DemoPerson } from './people.js';
import { PUBLISHED_HEADS } from './published.js';
import type { RegionRecipe } from './recipe.js';
import { generateRegion, type Region } from './region.js';
import { Random } from './random.js';
import { parseScale } from './scale.js';

const today = parseLocalDate('2026-11-22');
const recipe: RegionRecipe = { seed: 'lishui', scale: parseScale('1:2000'), history: null, today };
const policies = new BenefitPolicies('policy');
const desk: BenefitDesk = {
  start: emptyAccumulators(),
  settle: (input: BenefitInput) => settle(input, policies.inForce('331100', input.scheme, input.visitDate)),
};

interface ReadMonth {
  readonly month: Month;
  readonly bills: Bill[];
  readonly reversals: readonly DemoReversal[];
}

function walk(of: Region): ReadMonth[] {
  const stream = of.bills(desk);
  return stream.months().map((month) => {
    const bills = [...stream.next(month)].flat();
    return { month, bills, reversals: stream.reversals };
  });
}

function everybody(of: Region): DemoPerson[] {
  return [...of.people.chunks(1000)].flat();
}

function costOf(bills: readonly Bill[]): Fen {
  return sumFen(bills.flatMap((bill) => bill.lines.map((line) => line.amount)));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
}

/** Price × quantity as yuan text. */
function times(price: string, quantity: string): string {
  return yuanText(fen(parseYuan(price) * BigInt(quantity)));
}

const region = generateRegion(recipe);
const people = everybody(region);
const months = walk(region);
const bills = months.flatMap((month) => month.bills);

describe('the same seed and day', () => {
  it('give the same region, to the last line', () => {
    const again = generateRegion(recipe);
    expect(textOf(everybody(again)) === textOf(people)).toBe(true);
    expect(again.providers).toEqual(region.providers);
    expect(again.catalogue).toEqual(region.catalogue);
    // Text is compared: a walk through tens of thousands of values costs the test runner half a minute.
    expect(textOf(walk(again)) === textOf(months)).toBe(true);
  }, 60_000);

  it('another seed gives another one', () => {
    expect(generateRegion({ ...recipe, seed: 'other' }).people.at(0).idNo).not.toBe(people[0]?.idNo);
  });

  it('a person is the same, whoever was asked for before', () => {
    expect(generateRegion(recipe).people.at(777)).toEqual(people[777]);
  });
});

describe('people', () => {
  const wide = everybody(generateRegion({ ...recipe, scale: parseScale('1:900') }));
  const covered = (of: DemoPerson, on: LocalDate): '310' | '390' | undefined =>
    of.coverages.find(({ from, to }) => from <= on && (to === null || on < to))?.scheme;

  it('have valid numbers of a county of the prefecture that nobody else has, with their birth date and sex', () => {
    expect(new Set(wide.map((person) => person.idNo)).size).toBe(wide.length);
    const counties = new Set(COUNTIES.map(({ code }) => code));
    const wrong = wide.filter((person) => {
      const read = parseIdNumber(person.idNo, today);
      const birthplace = person.idNo.slice(0, 6);
      return (
        read.birthDate !== person.birthDate ||
        read.sex !== person.sex ||
        birthplace !== person.areaCode ||
        !counties.has(birthplace)
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each(['1:1000', '1:2000'])('are insured in the published numbers at %s', (text) => {
    const scale = parseScale(text);
    const all = everybody(generateRegion({ ...recipe, scale }));
    const insured = all.map((person) => covered(person, today));
    expect(insured.filter((scheme) => scheme === '310')).toHaveLength(PUBLISHED_HEADS.employees / scale.divisor);
    expect(insured.filter((scheme) => scheme === '390')).toHaveLength(PUBLISHED_HEADS.residents / scale.divisor);
    expect(insured.filter((scheme) => scheme !== undefined).length / all.length).toBeGreaterThan(0.95);
  });

  it('are covered by one scheme at a time, without a gap since 2011 or their birth', () => {
    const wrong = wide.filter(({ coverages, birthDate }) => {
      const [first] = coverages;
      const begin = birthDate > '2011-01-01' ? birthDate : '2011-01-01';
      const isBroken = coverages.some(
        ({ to }, index) => index + 1 < coverages.length && to !== coverages[index + 1]?.from,
      );
      return isBroken || (first !== undefined && first.from !== begin);
    });
    expect(wrong).toEqual([]);
  });

  it('some have names outside the BMP, and some found work during the year', () => {
    expect(wide.some((person) => person.name.length > Array.from(person.name).length)).toBe(true);
    expect(
      wide.some(({ coverages }) => coverages.at(-1)?.scheme === '310' && (coverages.at(-1)?.from ?? '') > '2026-01-01'),
    ).toBe(true);
  });
});

describe('providers', () => {
  const at = (scale: string) => generateProviders(new Random('lishui'), parseScale(scale), today);

  it('have two tertiary hospitals, special hospitals paid by bed-days, and agreements of every year since 2011', () => {
    const { institutions, register } = region.providers;
    expect(institutions.filter(({ level }) => level === 'tertiary')).toHaveLength(2);
    expect(institutions.map(({ speciality }) => speciality)).toEqual(
      expect.arrayContaining(['maternity', 'orthopaedics', 'psychiatric', 'rehabilitation', 'tcm']),
    );
    const byBedDay = register.agreements.filter(({ paymentMethod }) => paymentMethod['inpatient'] === 'bed-day');
    expect(Math.min(...byBedDay.map(({ from }) => yearOf(from)))).toBe(2014);
    expect(register.agreements).toHaveLength(institutions.length * (2026 - 2011 + 1));
    expect(register.suspensions).toHaveLength(1);
  });

  it.each([
    ['1:1', 643, 256],
    ['1:20', 107, 42],
    ['1:200', 29, 11],
    ['1:2000', 29, 9],
  ])('at %s are %i institutions and %i pharmacies, all of different names', (scale, institutions, pharmacies) => {
    const all = at(scale).institutions;
    expect(all.filter(({ type }) => type !== 'pharmacy')).toHaveLength(institutions);
    expect(all.filter(({ type }) => type === 'pharmacy')).toHaveLength(pharmacies);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(new Set(all.map(({ code12 }) => code12)).size).toBe(all.length);
  });

  it('the catalogue holds about 400 items of all classes', () => {
    expect(region.catalogue.length).toBeGreaterThan(380);
    expect(new Set(region.catalogue.map((item) => item.code)).size).toBe(region.catalogue.length);
    for (const itemClass of ['A', 'B', 'C']) {
      expect(region.catalogue.filter((item) => item.class === itemClass).length).toBeGreaterThan(20);
    }
  });
});

describe('bills', () => {
  it('add up, lie in their month, and end before today', () => {
    expect(bills.length).toBeGreaterThan(2400);
    const wrong = bills.filter(
      ({ lines, settledOn, settleMonth, admittedOn, dischargedOn }) =>
        lines.length === 0 ||
        settledOn.slice(0, 7) !== settleMonth ||
        settledOn >= today ||
        admittedOn > dischargedOn ||
        lines.some(({ amount, quantity, unitPrice }) => yuanText(amount) !== times(unitPrice, quantity)),
    );
    expect(wrong).toEqual([]);
    expect(new Set(bills.map((bill) => bill.billNo)).size).toBe(bills.length);
  });

  it('nobody lies in two beds at once', () => {
    const byPerson = new Map<string, Bill[]>();
    for (const stay of bills.filter((bill) => bill.category === 'inpatient')) {
      byPerson.set(stay.personId, [...(byPerson.get(stay.personId) ?? []), stay]);
    }
    const inTwoBeds = [...byPerson.values()].filter((own) => {
      const sorted = [...own].sort((one, other) => one.admittedOn.localeCompare(other.admittedOn));
      return sorted.some(({ admittedOn }, index) => index > 0 && admittedOn <= (sorted[index - 1]?.dischargedOn ?? ''));
    });
    expect(byPerson.size).toBeGreaterThan(100);
    expect(inTwoBeds).toEqual([]);
  });

  it('in its suspended span the suspended hospital has rescues only', () => {
    const { institutionId, from, to } = region.providers.suspension;
    const there = bills.filter(
      (bill) => bill.providerId === institutionId && bill.settledOn >= from && bill.settledOn < to,
    );
    expect(there.every((bill) => bill.referral === 'emergency')).toBe(true);
    expect(bills.some((bill) => bill.providerId === institutionId && bill.settledOn >= to)).toBe(true);
  });

  it('reversals name a bill of their month and come after it', () => {
    for (const { bills: own, reversals } of months) {
      for (const reversal of reversals) {
        const bill = own.find(({ billNo }) => billNo === reversal.billNo);
        expect(bill !== undefined && reversal.on >= bill.settledOn && reversal.on < today).toBe(true);
      }
    }
    expect(months.some(({ reversals }) => reversals.length > 0)).toBe(true);
  });

  it('a year costs what it is aimed at, within one percent, and grows by about what was chosen', () => {
    const of = (year: number): number =>
      Number(costOf(bills.filter(({ settleMonth }) => yearOf(settleMonth) === year)));
    const tenMonths = (year: number): number =>
      Number(costOf(bills.filter(({ settleMonth: month }) => yearOf(month) === year && month.slice(5) <= '10')));
    expect(of(2025) / 4_309_000_00).toBeGreaterThan(0.99);
    expect(of(2025) / 4_309_000_00).toBeLessThan(1.01);
    expect(tenMonths(2026) / tenMonths(2025) - 1).toBeGreaterThan(0.02);
    expect(tenMonths(2026) / tenMonths(2025) - 1).toBeLessThan(0.06);
  });
});

describe('the past', () => {
  const past = generateRegion({ ...recipe, history: [2011, 2012] });
  const stream = past.bills(desk);
  const year = (wanted: number): Bill[] =>
    stream
      .months()
      .filter((month) => yearOf(month) === wanted)
      .flatMap((month) => [...stream.next(month)].flat());

  it('costs to the fen what was published, at the scale', () => {
    const [first, second] = [year(2011), year(2012)];
    // 7.64 and 22.4, 10.4 and 24.9 (10⁸ yuan), at 1 : 2000.
    expect(costOf(first)).toBe(fen(150_200_000));
    expect(costOf(second)).toBe(fen(176_500_000));
    expect(first.every(({ lines }) => lines.every(({ amount }) => amount > 0n))).toBe(true);
  });
});

describe('the generator', () => {
  it('names no real person and no real institution: names are drawn from the lists of the sources', () => {
    const source = readFileSync('src/demo/domain/names.ts', 'utf8');
    for (const { name } of people.slice(0, 200)) {
      for (const character of Array.from(name)) expect(source).toContain(character);
    }
  });
});
