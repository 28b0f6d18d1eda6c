import { describe, expect, it } from '@jest/globals';
import { parseIdNumber } from '../../enrollment/index.js';
import { type Fen, sumFen } from '../../common/money/index.js';
import { parseLocalDate } from '../../common/time/index.js';
import { type DemoMonth } from './bills.js';
import { generateRegion, type Region } from './region.js';

const today = parseLocalDate('2026-11-22');
const recipe = { seed: 'lishui', scale: 0.1, today };
const region = generateRegion(recipe);
const months = walk(region);
const bills = months.flatMap((month) => month.bills);

function walk(of: Region): DemoMonth[] {
  const stream = of.bills();
  return stream.months().map((month) => stream.next(month));
}

function share(part: Fen, whole: Fen): number {
  return Number((part * 1000n) / whole);
}

describe('the same seed and day', () => {
  it('give the same region, to the last line', () => {
    const again = generateRegion(recipe);
    expect(again.people).toEqual(region.people);
    expect(again.providers).toEqual(region.providers);
    expect(again.catalogue).toEqual(region.catalogue);
    expect(walk(again)).toEqual(months);
  }, 60_000);

  it('another seed gives another one', () => {
    expect(generateRegion({ ...recipe, seed: 'other' }).people[0]?.idNo).not.toBe(region.people[0]?.idNo);
  });
});

describe('people', () => {
  it('have valid numbers that nobody else has, with the birth date and sex of the register', () => {
    const seen = new Set(region.people.map((person) => person.idNo));
    expect(seen.size).toBe(region.people.length);
    for (const person of region.people) {
      expect(parseIdNumber(person.idNo, today)).toEqual({
        idNo: person.idNo,
        birthDate: person.birthDate,
        sex: person.sex,
      });
      expect(person.idNo.startsWith(person.areaCode)).toBe(true);
    }
  });

  it('are covered by one scheme at a time', () => {
    for (const { coverages } of region.people) {
      coverages.forEach((coverage, index) => {
        const next = coverages[index + 1];
        if (next !== undefined) expect(coverage.to !== null && coverage.to <= next.from).toBe(true);
      });
    }
  });

  it('are both employees and residents, and some have names outside the BMP', () => {
    const wide = generateRegion({ ...recipe, scale: 0.4 }).people;
    const employees = wide.filter((person) => person.coverages.some(({ scheme }) => scheme === '310'));
    expect(employees.length / wide.length).toBeGreaterThan(0.17);
    expect(employees.length / wide.length).toBeLessThan(0.3);
    expect(wide.some((person) => person.name.length > Array.from(person.name).length)).toBe(true);
  });
});

describe('providers', () => {
  it('are a few dozen of all levels with agreements of both years', () => {
    const { institutions, register } = region.providers;
    expect(institutions.length).toBeGreaterThanOrEqual(38);
    expect(institutions.filter(({ level }) => level === 'tertiary')).toHaveLength(2);
    expect(register.agreements).toHaveLength(institutions.length * 2);
    expect(register.suspensions).toHaveLength(1);
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
    for (const bill of bills) {
      expect(bill.lines.length).toBeGreaterThan(0);
      expect(bill.settledOn.slice(0, 7)).toBe(bill.settleMonth);
      expect(bill.settledOn < today && bill.admittedOn <= bill.dischargedOn).toBe(true);
    }
    expect(new Set(bills.map((bill) => bill.billNo)).size).toBe(bills.length);
  });

  it('nobody lies in two beds at once', () => {
    const stays = bills.filter((bill) => bill.category === 'inpatient');
    const byPerson = new Map<string, typeof stays>();
    for (const stay of stays) byPerson.set(stay.personId, [...(byPerson.get(stay.personId) ?? []), stay]);
    for (const own of byPerson.values()) {
      const sorted = [...own].sort((one, other) => one.admittedOn.localeCompare(other.admittedOn));
      sorted.forEach((stay, index) => {
        const next = sorted[index + 1];
        if (next !== undefined) expect(next.admittedOn > stay.dischargedOn).toBe(true);
      });
    }
  });

  it('two tertiary hospitals take about half of the inpatient cost, of employees more than of residents', () => {
    const wide = generateRegion({ ...recipe, scale: 0.5 });
    const tertiary = new Set(
      wide.providers.institutions.filter(({ level }) => level === 'tertiary').map(({ id }) => id),
    );
    const employees = new Set(
      wide.people.filter(({ coverages }) => coverages[0]?.scheme === '310').map((person) => person.id),
    );
    const cost = (of: typeof bills): Fen => sumFen(of.flatMap((bill) => bill.lines.map((line) => line.amount)));
    const stays = walk(wide)
      .flatMap((month) => month.bills)
      .filter((bill) => bill.category === 'inpatient');
    const part = (of: typeof bills): number =>
      share(cost(of.filter((bill) => tertiary.has(bill.providerId))), cost(of));
    expect(part(stays)).toBeGreaterThan(350);
    expect(part(stays)).toBeLessThan(600);
    expect(part(stays.filter((bill) => employees.has(bill.personId)))).toBeGreaterThan(
      part(stays.filter((bill) => !employees.has(bill.personId))),
    );
  }, 60_000);

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
});
