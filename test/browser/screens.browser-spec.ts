import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Clock, parseLocalDate } from '../../src/common/time/index.js';
import { Demo } from '../../src/demo/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

/** Pictures of the console over the demonstration region; `npm run screenshots` puts them into the documents. */
const FOLDER = resolve(import.meta.dirname, '../..', process.env['SCREENS_FOLDER'] ?? '.data/screens');
const PASSWORD = 'a demonstration password';
/** The region's day never moves, so that a picture changes only when a page does. */
const TODAY = '2026-11-20';
const NOW = new Date(`${TODAY}T02:00:00.000Z`);
/** One person of the region stands for so many of the prefecture. */
const SCALE = process.env['SCREENS_SCALE'] ?? '1:2000';
/** What a page of the documents may weigh. */
const MAX_BYTES = 250_000;

let app: TestApp;
let browser: Browser;
const desks = new Map<string, Desk>();

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  app = await createTestApp({
    env: { SCHEDULES: 'off', LOG_LEVEL: 'silent', ACTOR_CACHE_MS: '1000', SECOND_FACTOR: 'optional' },
  });
  const today = parseLocalDate(TODAY);
  await app.get(Demo).load({ seed: 'oujiang', scale: SCALE, years: 'all', today, password: PASSWORD });
  Object.assign(app.get(Clock), { now: () => NOW });
  browser = await startBrowser();
}, 900_000);

afterAll(async () => {
  await browser.close();
  await app.close();
});

/** A window of somebody signed in, whose browser has the region's day. */
async function deskOf(username: string, width: number): Promise<Desk> {
  const name = `${username}-${String(width)}`;
  const known = desks.get(name);
  if (known !== undefined) return known;
  const desk = await openDesk(browser, app.baseUrl, width);
  await desk.page.clock.setFixedTime(NOW);
  await desk.signIn(username, PASSWORD);
  await desk.page.locator('h1').first().waitFor();
  desks.set(name, desk);
  return desk;
}

async function one(sql: string): Promise<string> {
  const [row] = await app.database.query<{ id: string }>(sql);
  if (row === undefined) throw new Error(`the region has no row for: ${sql}`);
  return row.id;
}

const month = (where: string): Promise<string> =>
  one(`SELECT id FROM payment_month WHERE scheme = '310' AND ${where} ORDER BY month DESC LIMIT 1`);
/** The stay that catastrophic insurance paid most of, so that every step of its explanation has something to say. */
const settlement = (): Promise<string> =>
  one(`SELECT id FROM settlement WHERE scheme = '390' AND category = 'inpatient' AND kind = 'settlement'
       ORDER BY hifmi_fen DESC, total_fen DESC, bill_no LIMIT 1`);

interface Screen {
  readonly name: string;
  readonly as: string;
  readonly path: () => Promise<string> | string;
  readonly heading: string;
  readonly width?: number;
  /** Opens the drawer that takes an amount apart. */
  readonly explained?: true;
}

const SCREENS: readonly Screen[] = [
  { name: 'workplace', as: 'clerk', path: () => '/', heading: '工作台' },
  { name: 'workplace-phone', as: 'clerk', path: () => '/', heading: '工作台', width: 390 },
  {
    name: 'settlement',
    as: 'clerk',
    path: async () => `/settlements/${await settlement()}`,
    heading: '结算单',
    explained: true,
  },
  {
    name: 'month',
    as: 'reviewer',
    path: async () => `/month-settlements/${await month(`state = 'submitted'`)}`,
    heading: '月度结算',
  },
  {
    name: 'budget',
    as: 'approver',
    path: async () =>
      `/budgets/${await one(`SELECT id FROM payment_budget WHERE scheme = '310' AND state = 'in-force' LIMIT 1`)}`,
    heading: '总额预算',
  },
  {
    name: 'clearing',
    as: 'approver',
    path: async () =>
      `/clearings/${await one(`SELECT id FROM payment_clearing WHERE scheme = '390' ORDER BY year DESC LIMIT 1`)}`,
    heading: '年终清算',
  },
  { name: 'orders', as: 'approver', path: () => '/payment-orders', heading: '付款单' },
  {
    name: 'year-table',
    as: 'reviewer',
    path: () => `/reports/year-table?year=${TODAY.slice(0, 4)}`,
    heading: '年度总表',
  },
  { name: 'years', as: 'approver', path: () => '/reports/years', heading: '历年趋势' },
  { name: 'trial-balance', as: 'reviewer', path: () => '/ledger/trial-balance', heading: '总账余额' },
];

describe('a picture of every main page', () => {
  it.each(SCREENS)('$name', async ({ name, as, path, heading, width = 1440, explained }) => {
    const desk = await deskOf(as, width);
    await desk.open(await path());
    await desk.page.locator('.page-head h1', { hasText: heading }).waitFor();
    await desk.page.waitForLoadState('networkidle');
    if (explained === true) {
      await desk.page.getByRole('button', { name: '怎么算的' }).first().click();
      await desk.page.getByRole('dialog').getByText('1. 第 1 步').waitFor();
    }
    await desk.page.locator('.ant-skeleton, .ant-spin-spinning').first().waitFor({ state: 'detached' });
    // Figures count up and skeletons fade for a moment after the last answer.
    await desk.page.waitForTimeout(800);
    expect(await desk.page.locator('.ant-alert-error').allTextContents()).toEqual([]);
    const file = join(FOLDER, `${name}.png`);
    await desk.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    expect(statSync(file).size).toBeLessThan(MAX_BYTES);
  });
});
