import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { parseYuan } from '../../src/common/money/index.js';
import { PASSWORD } from '../claims/claims-pool.js';
import {
  approvedMonth,
  type Bureau,
  budgetInForce,
  closeMonth,
  type PaymentPool,
  paymentPool,
  recordHistory,
  settled,
} from '../payment/payment-pool.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

const DISCHARGES = resolve(import.meta.dirname, '../claims/files/discharges-small.csv');

let pool: PaymentPool;
let bureau: Bureau;
let browser: Browser;
let settlementId: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'discharges-'));
  pool = await paymentPool();
  const { tertiary, secondary } = pool.institutions;
  await recordHistory(pool, '310', 2025, { [tertiary]: parseYuan('30000.00'), [secondary]: parseYuan('10000.00') });
  bureau = await pool.on('2026-10-20');
  settlementId = await settled(pool, bureau.provider, '310');
  bureau = await pool.on('2026-11-05');
  await budgetInForce(bureau, '310', 2026);
  await closeMonth(bureau, await approvedMonth(bureau, '310', '2026-10'));
  browser = await startBrowser();
}, 180_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
  await pool.close();
});

/** A window of somebody signed in. */
async function deskOf(username: string, width?: number): Promise<Desk> {
  const desk = await openDesk(browser, pool.baseUrl, width);
  await desk.signIn(username, PASSWORD);
  await desk.page.locator('h1').first().waitFor();
  return desk;
}

/** Opens a page and waits until the heading stands that it must have and nothing loads any more. */
async function visit(desk: Desk, path: string, heading: string): Promise<void> {
  await desk.open(path);
  await desk.page.locator('.page-head h1', { hasText: heading }).waitFor();
  await desk.page.waitForLoadState('networkidle');
  // A chart is a part of the program of its own, and its frame waits for it after the last answer.
  await desk.page.locator('.ant-skeleton').first().waitFor({ state: 'detached' });
}

async function firstId(list: string): Promise<string> {
  const { body } = await bureau.clerk.get(list).expect(200);
  return String((body as { items: { id: string }[] }).items[0]?.id);
}

describe('every page', () => {
  const pages: [string, () => Promise<string> | string, string][] = [
    ['clerk', () => '/', '工作台'],
    ['clerk', () => '/persons', '参保人'],
    ['clerk', async () => `/persons/${await firstId('persons')}`, '示例人'],
    ['clerk', () => '/institutions', '定点医药机构'],
    ['clerk', () => `/institutions/${pool.institutions.tertiary}`, '示范市中心医院'],
    ['approver', () => '/agreements', '服务协议'],
    ['clerk', () => '/settlements', '结算单'],
    ['clerk', () => `/settlements/${settlementId}`, '结算单'],
    ['clerk', () => '/discharge-imports', '出院数据导入'],
    ['clerk', () => '/budgets', '总额预算'],
    ['clerk', async () => `/budgets/${await firstId('budgets')}`, '总额预算'],
    ['clerk', () => '/month-settlements', '月度结算'],
    ['clerk', async () => `/month-settlements/${await firstId('month-settlements')}`, '月度结算'],
    ['clerk', () => '/clearings', '年终清算'],
    ['reviewer', () => '/payment-orders', '付款单'],
    ['reviewer', async () => `/payment-orders/${await firstId('payment-orders')}`, '付款单'],
    ['inspector', () => '/ledger/trial-balance', '总账余额'],
    ['inspector', () => '/ledger/journals?period=2026-10', '记账凭证'],
    ['inspector', async () => `/ledger/journals/${await firstId('ledger/journals?period=2026-10')}`, '记账凭证'],
    ['inspector', () => '/reports/year-table?year=2026', '年度总表'],
    ['inspector', () => '/reports/years', '历年趋势'],
    ['auditor', () => '/audit-events', '审计日志'],
    ['admin', () => '/jobs', '任务'],
    ['admin', () => '/users', '用户'],
    ['admin', () => '/', '工作台'],
    ['security', () => '/users', '用户'],
    ['security', () => '/role-changes', '授权变更'],
    ['clerk', () => '/account', '账户安全'],
  ];
  const desks = new Map<string, Desk>();

  it.each(pages)('%s, page %#: has its heading, no fault, no barrier', async (username, pathOf, heading) => {
    const desk = desks.get(username) ?? (await deskOf(username));
    desks.set(username, desk);
    await visit(desk, await pathOf(), heading);
    expect(await desk.page.locator('.ant-alert-error').allTextContents()).toEqual([]);
    expect(await desk.barriers()).toEqual([]);
  });

  it('asked no other host for anything and broke no rule of the content security policy', () => {
    for (const desk of desks.values()) {
      expect([...desk.hosts]).toEqual([new URL(pool.baseUrl).host]);
      expect(desk.complaints).toEqual([]);
    }
  });

  it('fits a phone: the workplace scrolls only downwards and has no barrier', async () => {
    const desk = await deskOf('clerk', 390);
    await visit(desk, '/', '工作台');
    expect(await desk.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await desk.barriers()).toEqual([]);
    await desk.page.getByRole('button', { name: '打开菜单' }).click();
    await desk.page.getByRole('dialog').getByRole('link', { name: '月度结算' }).click();
    await desk.page.getByRole('heading', { name: '月度结算', level: 1 }).waitFor();
  });
});

describe('the settlement page', () => {
  it('explains the bill step by step, in the language of the reader', async () => {
    const desk = await deskOf('clerk');
    await visit(desk, `/settlements/${settlementId}`, '结算单');
    await desk.page.getByRole('button', { name: '怎么算的' }).click();
    const drawer = desk.page.getByRole('dialog');
    await drawer.getByText('1. 第 1 步').waitFor();
    const { body } = await bureau.clerk.get(`settlements/${settlementId}/explain?lang=zh`).expect(200);
    const steps = (body as { steps: string[] }).steps;
    for (const step of steps) expect(await drawer.textContent()).toContain(step.replace(/^\d+\. /, ''));
  });
});

describe('the year table', () => {
  it('shows the figures of the server and a picture of them', async () => {
    const desk = await deskOf('inspector');
    await visit(desk, '/reports/year-table?year=2026', '年度总表');
    const { body } = await bureau.clerk.get('reports/year-table?year=2026').expect(200);
    const rows = (body as { scopes: { key: string; scheme: string; fund: string }[] }).scopes;
    const city = rows.find((row) => row.key === 'whole-city' && row.scheme === '310');
    const shown = desk.page.locator('tbody tr', { hasText: '全市' }).first();
    expect(await shown.textContent()).toContain(city?.fund.replace(/\B(?=(\d{3})+(?=\.))/g, ','));
    const picture = desk.page.getByRole('img', { name: /年度总表 职工医保/ });
    await picture.locator('canvas').waitFor();
    expect(await picture.getAttribute('aria-label')).toContain('全市与市本级');
  });
});

describe('the years compared', () => {
  it('show the figures of the server with a picture of each scheme, and give them as CSV', async () => {
    const desk = await deskOf('inspector');
    await visit(desk, '/reports/years', '历年趋势');
    const { body } = await bureau.clerk.get('reports/years').expect(200);
    const [row] = (body as { rows: { year: number; part: string; scheme: string; fund: string }[] }).rows;
    const fund = String(row?.fund).replace(/\B(?=(\d{3})+(?=\.))/g, ',');
    const shown = desk.page.locator('tbody tr', { hasText: '职工医保' }).first();
    expect(await shown.textContent()).toContain(fund);
    expect(await shown.textContent()).toContain('1–10 月');
    for (const name of [/历年趋势 职工医保/, /费用与支付增长率/, /历年趋势 参保人数/]) {
      await desk.page.getByRole('img', { name }).locator('canvas').waitFor();
    }
    const [file] = await Promise.all([
      desk.page.waitForEvent('download'),
      desk.page.getByRole('button', { name: '导出 CSV' }).click(),
    ]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(lines[1]).toContain('年度,统计月数,险种,范围,参保人数');
    expect(lines[2]).toContain(`${String(row?.year)},10,职工医保,全市,`);
    expect(lines[2]).toContain(String(row?.fund));
  });

  it('say when there is nothing in the years asked for, and what is wrong with them', async () => {
    const desk = await deskOf('inspector');
    await visit(desk, '/reports/years?from=2011&to=2012', '历年趋势');
    await desk.page.getByText('所选年度没有结算单').waitFor();
    await visit(desk, '/reports/years?from=2015&to=2012', '历年趋势');
    await desk.page.getByText('起始年度晚于截止年度').waitFor();
  });
});

describe('the import of discharges', () => {
  it('takes a file, counts every row, and says row, column, value, reason and remedy of each fault', async () => {
    const desk = await deskOf('clerk');
    await visit(desk, '/discharge-imports', '出院数据导入');
    const good = readFileSync(DISCHARGES, 'utf8').trimEnd().split(/\r?\n/).slice(0, 3);
    const bad = (good[1] ?? '').split(',').map((cell, column) => (column === 6 ? 'abc' : cell));
    bad[0] = 'BAD01';
    const file = join(folder, 'october.csv');
    writeFileSync(file, [...good, bad.join(',')].join('\n'));
    await desk.page.getByLabel('定点机构').click();
    await desk.page.getByTitle('示范市中心医院').click();
    await desk.page.getByLabel('结算月份').fill('2026-11');
    await desk.page.locator('input[type=file]').setInputFiles(file);
    await desk.page.getByRole('button', { name: '上传并导入' }).click();
    await desk.page.getByRole('heading', { name: 'october.csv', level: 1 }).waitFor();
    await desk.page.getByText('已完成，有错误行').waitFor();
    const counts = await desk.page.getByTestId('import-counts').locator('.figure-value').allTextContents();
    expect(counts).toEqual(['3', '2', '1']);
    const row = desk.page.locator('tbody tr', { hasText: 'BAD01' });
    expect(await row.textContent()).toContain('总费用');
    expect(await row.textContent()).toContain('“abc”');
    const [book] = await Promise.all([
      desk.page.waitForEvent('download'),
      desk.page.getByRole('button', { name: /errors\.csv/ }).click(),
    ]);
    expect(readFileSync(await book.path(), 'utf8')).toContain('BAD01');
    expect(await desk.barriers()).toEqual([]);
  });
});
