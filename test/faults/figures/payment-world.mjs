/** A region whose last year is settled up to a point, so that a month, or the whole year, can be closed under faults. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/process.mjs';
import { People } from './http.mjs';
import { startServer } from './servers.mjs';
import { calendar, makePersons, makeWorld, PASSWORD, POOL } from './world.mjs';

export const SCHEME = '310';
const HOSPITALS = 2;
const BILLS_PER_HOSPITAL = 4;

const fromBuild = (path) => import(join(ROOT, 'dist', path));

/**
 * Bills in January, July and December of last year, a budget that two people made, and eleven months closed – twelve
 * with `wholeYear`, and the hospitals assessed.
 */
export async function makePaymentWorld(serverUrl, { wholeYear }) {
  const { year: thisYear, monthsOfYear } = await calendar();
  const year = thisYear - 1;
  const world = await makeWorld(serverUrl, {
    ...{ persons: 0, hospitals: HOSPITALS },
    fill: (app, made) => fillYear(app, made, year),
  });
  const server = await startServer({ url: world.url, dataDir: world.dataDir });
  try {
    const people = new People(() => server.port, PASSWORD);
    await approvedBudget(people, year);
    for (const month of monthsOfYear(year).slice(0, wholeYear ? 12 : 11)) await closedMonth(people, month);
    if (wholeYear) await assessed(people, world, year);
  } finally {
    await server.end('SIGTERM');
  }
  return { ...world, year };
}

export function hospitalsOf({ institutions: { tertiary, secondary, others } }) {
  return [tertiary, secondary, ...others];
}

async function fillYear(app, world, year) {
  const { Transactions } = await fromBuild('common/db/index.js');
  const { Funding } = await fromBuild('funding/index.js');
  const { systemActor } = await fromBuild('identity/index.js');
  const { BudgetHistory } = await fromBuild('payment/index.js');
  const { Claims } = await fromBuild('claims/index.js');
  const { monthsOfYear } = await calendar();
  const actor = systemActor(POOL);
  const providers = hospitalsOf(world);
  const persons = await makePersons(app, providers.length * BILLS_PER_HOSPITAL * 3, SCHEME);
  await app.get(Transactions).run(async (tx) => {
    const income = { scheme: SCHEME, year, kind: 'premium', tier: 'none', version: 0, forecast: 100_000_000n };
    await app.get(Funding).setForecast(tx, income, actor);
    const history = providers.flatMap((providerId, index) =>
      monthsOfYear(year - 1).map((month) => ({
        providerId,
        month,
        budgeted: BigInt(400_000 - index * 70_000),
        visits: 3,
      })),
    );
    await app.get(BudgetHistory).record(tx, actor, SCHEME, history);
  });
  const bills = ['01', '07', '12'].flatMap((month) =>
    providers.flatMap((providerId) =>
      Array.from({ length: BILLS_PER_HOSPITAL }, (_, n) => billOf(persons.pop(), providerId, `${year}-${month}`, n)),
    ),
  );
  const outcomes = await app.get(Transactions).run((tx) => app.get(Claims).settleBatch(tx, POOL, bills, 'faults'));
  const refused = outcomes.find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) throw new Error(`a bill of the fixture is refused: ${refused.error.text('en')}`);
}

function billOf(personId, providerId, month, n) {
  const amount = 150_000 + n * 33_333;
  return {
    ...{ billNo: randomUUID().slice(0, 18), personId, providerId, category: 'inpatient', referral: 'referred' },
    ...{ admittedOn: `${month}-02`, dischargedOn: `${month}-10`, settledOn: `${month}-10`, settleMonth: month },
    lines: [
      {
        ...{ lineNo: 1, itemCode: 'XA001', quantity: '1', unitPrice: (amount / 100).toFixed(2) },
        ...{ amount: BigInt(amount), feeDate: `${month}-05` },
      },
    ],
    source: 'demo',
  };
}

async function approvedBudget(people, year) {
  const { id } = await people.must('clerk', 'POST', 'budgets', { scheme: SCHEME, year });
  await people.must('clerk', 'POST', `budgets/${id}/publish`);
  await people.must('clerk', 'POST', `budgets/${id}/submit`, {});
  await people.must('approver', 'POST', `budgets/${id}/approve`, {});
}

async function closedMonth(people, month) {
  const { id } = await people.must('clerk', 'POST', 'month-settlements', { scheme: SCHEME, month });
  const step = (who, what, key) => people.must(who, 'POST', `month-settlements/${id}/${what}`, {}, { key });
  await step('clerk', 'submit');
  await step('reviewer', 'review');
  await step('approver', 'approve');
  await step('approver', 'close', randomUUID());
}

async function assessed(people, world, year) {
  for (const [index, providerId] of hospitalsOf(world).entries()) {
    const score = { providerId, year, score: String(97 - index * 12), gradeIndex: '1.0', complaints: 0 };
    const { id } = await people.must('clerk', 'POST', 'assessments', score);
    await people.must('reviewer', 'POST', `assessments/${id}/confirm`);
  }
}
