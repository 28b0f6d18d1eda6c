import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { parseYuan } from '../../src/common/money/index.js';
import { PASSWORD } from '../claims/claims-pool.js';
import {
  type Bureau,
  budgetInForce,
  fenOf,
  type PaymentPool,
  paymentPool,
  recordHistory,
  settled,
} from '../payment/payment-pool.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

const MONTH = '2026-10';
const TITLE = `${MONTH} 职工医保 月度结算`;

/** J1: a month goes from bills to closed books in the browser, by three people, with its sums in sight. */
describe('settling a month', () => {
  let pool: PaymentPool;
  let bureau: Bureau;
  let browser: Browser;
  let desk: Desk;
  let address: string;

  beforeAll(async () => {
    pool = await paymentPool();
    const { tertiary, secondary } = pool.institutions;
    await recordHistory(pool, '310', 2025, {
      [tertiary]: parseYuan('30000.00'),
      [secondary]: parseYuan('10000.00'),
    });
    bureau = await pool.on('2026-10-20');
    for (let bill = 0; bill < 3; bill += 1) await settled(pool, bureau.provider, '310');
    await settled(pool, bureau.clerk, '310', { providerId: secondary });
    bureau = await pool.on('2026-11-05');
    await budgetInForce(bureau, '310', 2026);
    browser = await startBrowser();
    desk = await openDesk(browser, pool.baseUrl);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await pool.close();
  });

  /** Signs somebody in and goes to the month. */
  const at = async (username: string, path: string): Promise<void> => {
    if (desk.page.url() !== 'about:blank') await desk.signOut();
    await desk.signIn(username, PASSWORD);
    await desk.page.getByRole('navigation', { name: '主菜单' }).waitFor();
    await desk.open(path);
  };

  /** Presses a step, gives an opinion where one is asked for, and waits for the state that must follow. */
  const step = async (button: string, state: string, opinion?: string): Promise<void> => {
    await desk.page.getByRole('button', { name: button, exact: true }).first().click();
    const dialog = desk.page.getByRole('dialog');
    if (opinion !== undefined) await dialog.getByLabel('意见').fill(opinion);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await desk.page.locator('.page-head').getByText(state).first().waitFor();
  };

  const serverTotals = async (): Promise<Record<string, string>> => {
    const { body } = await bureau.clerk.get(`month-settlements/${address.split('/').at(-1) ?? ''}`).expect(200);
    return body.totals as Record<string, string>;
  };

  it('the clerk starts the trial and sees the totals of the server, to the fen', async () => {
    await at('clerk', '/month-settlements');
    await desk.page.getByText('还没有月度结算').waitFor();
    await desk.page.getByRole('button', { name: '发起试算' }).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByLabel('结算月份').fill(MONTH);
    await dialog.getByRole('button', { name: /确\s*定/ }).click();
    await desk.page.getByRole('heading', { name: TITLE, level: 1 }).waitFor();
    address = new URL(desk.page.url()).pathname;
    const totals = await serverTotals();
    const shown = await desk.page.getByTestId('month-totals').textContent();
    for (const key of ['accepted', 'deduction', 'deposit', 'pay']) expect(shown).toContain(grouped(totals[key]));
    expect(fenOf(totals['pay'])).toBeGreaterThan(0n);
  });

  it('the sum below the table is the total above it', async () => {
    const totals = await serverTotals();
    const sums = desk.page.locator('tfoot tr').first();
    await sums.getByText(grouped(totals['pay']), { exact: true }).waitFor();
    await sums.getByText(grouped(totals['accepted']), { exact: true }).waitFor();
  });

  it('says how an amount was computed: formula, inputs, clause, and the bills behind it', async () => {
    await desk.page.getByRole('button', { name: '怎么算的 示范市中心医院' }).click();
    const drawer = desk.page.getByRole('dialog');
    await drawer.getByText('申报基金支付').first().waitFor();
    await drawer
      .getByText(/^依据：/)
      .first()
      .waitFor();
    expect(await drawer.getByRole('link', { name: '查看依据的 3 张结算单' }).getAttribute('href')).toContain(
      pool.institutions.tertiary,
    );
    expect(await desk.barriers()).toEqual([]);
    await desk.page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  });

  it('takes an adjustment with a reason, refuses one without, and shows it as a line of its own', async () => {
    const before = fenOf((await serverTotals())['pay']);
    await desk.page.getByRole('button', { name: '调整 示范市中心医院' }).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByLabel('调整金额').fill('-1.5.0');
    await dialog.getByRole('button', { name: /确\s*定/ }).click();
    await dialog.getByText('请填写金额，最多两位小数，如 7595.62').waitFor();
    await dialog.getByText('请填写原因').waitFor();
    await dialog.getByLabel('调整金额').fill('-12.50');
    await dialog.getByLabel('原因').fill('病案复核更正');
    await dialog.getByRole('button', { name: /确\s*定/ }).click();
    await dialog.waitFor({ state: 'hidden' });
    await desk.page.locator('tbody').getByText('−12.50', { exact: true }).waitFor();
    expect(before - fenOf((await serverTotals())['pay'])).toBe(1250n);
  });

  it('the clerk submits and is told that another person comes next', async () => {
    await step('提交复核', '待复核', '请复核');
    await desk.page.getByText('下一步由复核岗办理：复核通过').waitFor();
    expect(await desk.page.getByRole('button', { name: '复核通过' }).count()).toBe(0);
    expect(await desk.barriers()).toEqual([]);
  });

  it('the reviewer gives it back with an opinion; without one nothing happens', async () => {
    await at('reviewer', address);
    await desk.page.getByRole('button', { name: '退回', exact: true }).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByRole('button', { name: '退回', exact: true }).click();
    await dialog.getByText('请填写意见').waitFor();
    await dialog.getByLabel('意见').fill('请附调整依据');
    await dialog.getByRole('button', { name: '退回', exact: true }).click();
    await desk.page.locator('.page-head').getByText('已退回').first().waitFor();
    await desk.page.getByText('“请附调整依据”').waitFor();
  });

  it('submitted again, it is reviewed by the second person', async () => {
    await at('clerk', address);
    await step('提交复核', '待复核', '依据已附');
    await at('reviewer', address);
    await step('复核通过', '待审批', '核对无误');
  });

  it('is approved and closed by the third person, and then never changes', async () => {
    await at('approver', address);
    await step('审批通过', '已审批');
    await step('结账', '已结账');
    await desk.page.getByText('结账快照：').waitFor();
    expect(await desk.page.locator('.page-extra button').count()).toBe(0);
    expect(await desk.barriers()).toEqual([]);
  });

  it('left payment orders that sum to what was payable', async () => {
    const totals = await serverTotals();
    await desk.page.getByRole('link', { name: '付款单' }).last().click();
    await desk.page.getByRole('heading', { name: '付款单', level: 1 }).waitFor();
    await desk.page.getByText('已制单').first().waitFor();
    const amounts = await desk.page.locator('tbody .num').allTextContents();
    const sum = amounts.reduce((total, text) => total + BigInt(text.replace(/[^\d-]/g, '')), 0n);
    expect(sum).toBe(fenOf(totals['pay']));
    expect(await desk.barriers()).toEqual([]);
  });

  it('a whole number of a dialog goes to the server as one', async () => {
    await at('clerk', '/budgets');
    await desk.page.getByRole('button', { name: '编制草案' }).click();
    const dialog = desk.page.getByRole('dialog');
    await dialog.getByLabel('年度').fill('2027');
    const [request] = await Promise.all([
      desk.page.waitForRequest((sent) => sent.method() === 'POST' && sent.url().endsWith('/api/v1/budgets')),
      dialog.getByRole('button', { name: /确\s*定/ }).click(),
    ]);
    expect(request.postDataJSON()).toEqual({ scheme: '310', year: 2027 });
    expect(await dialog.getByText('请填写年度').count()).toBe(0);
  });

  it('asked no other host for anything and broke no rule of the content security policy', () => {
    expect([...desk.hosts]).toEqual([new URL(pool.baseUrl).host]);
    expect(desk.complaints).toEqual([]);
  });
});

/** An amount as the console writes it: grouped by thousands. */
function grouped(yuan: string | undefined): string {
  return String(yuan)
    .replace('-', '−')
    .replace(/\B(?=(\d{3})+(?=\.))/g, ',');
}
