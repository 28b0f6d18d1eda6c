import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { PASSWORD } from '../claims/claims-pool.js';
import { idNo } from '../enrollment/small-pool.js';
import { type PaymentPool, paymentPool } from '../payment/payment-pool.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

const NUMBER = idNo('33110219850312007');
const PHONE = '13612345678';
const MASKED = `331102********${NUMBER.slice(-4)}`;

let pool: PaymentPool;
let browser: Browser;

beforeAll(async () => {
  pool = await paymentPool();
  const { clerk } = await pool.on('2026-11-05');
  await clerk.post('persons', { idNo: NUMBER, name: '蓝小满', areaCode: '331102', phone: PHONE }).expect(201);
  browser = await startBrowser();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await pool.close();
});

async function deskOf(username: string, width?: number): Promise<Desk> {
  const desk = await openDesk(browser, pool.baseUrl, width);
  await desk.signIn(username, PASSWORD);
  await desk.page.locator('h1').first().waitFor();
  return desk;
}

/** SHOTS_DIR keeps a picture to look at. */
async function picture({ page }: Desk, name: string): Promise<void> {
  const folder = process.env['SHOTS_DIR'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

/** Finds the person by the whole number and waits for the page. */
async function find(desk: Desk): Promise<void> {
  const { page } = desk;
  await desk.open('/persons');
  await page.getByRole('searchbox', { name: '按证件号码查找（18 位）' }).fill(NUMBER);
  await page.getByRole('button', { name: '查找', exact: true }).click();
  await page.locator('.page-head h1', { hasText: '蓝小满' }).waitFor();
}

describe('a person', () => {
  it.each([1440, 390])('is found by number and seen in full for a minute, with a reason, %i px wide', async (width) => {
    const desk = await deskOf('clerk', width);
    const { page } = desk;
    await page.clock.install();
    await find(desk);
    expect(page.url()).not.toContain(NUMBER);
    await page.getByText(MASKED).waitFor();
    expect(await page.locator('main').textContent()).not.toContain('1985-03-12');
    expect(await desk.barriers()).toEqual([]);
    await picture(desk, `person-masked-${String(width)}`);
    await page.getByRole('button', { name: '查看完整信息' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').click();
    await page.locator('.ant-select-item-option', { hasText: '为本人办理业务' }).click();
    await picture(desk, `person-reason-${String(width)}`);
    await dialog.getByRole('button', { name: /确\s*定|确认/ }).click();
    await page.getByText(NUMBER).waitFor();
    for (const shown of [PHONE, '1985-03-12']) await page.getByText(shown).waitFor();
    await picture(desk, `person-revealed-${String(width)}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.clock.runFor(61_000);
    await page.getByText(MASKED).waitFor();
    expect(await page.locator('main').textContent()).not.toContain(NUMBER);
    expect(desk.complaints).toEqual([]);
  });

  it('stays masked for who may not see more', async () => {
    const desk = await deskOf('reviewer');
    await find(desk);
    await desk.page.getByText(MASKED).waitFor();
    expect(await desk.page.getByRole('button', { name: '查看完整信息' }).count()).toBe(0);
  });

  it('that nobody has this number is said', async () => {
    const desk = await deskOf('clerk');
    await desk.open('/persons');
    await desk.page.getByRole('searchbox', { name: '按证件号码查找（18 位）' }).fill(idNo('33110219850312009'));
    await desk.page.getByRole('button', { name: '查找', exact: true }).click();
    await desk.page.getByText('本辖区没有这个证件号码的参保人。').waitFor();
    expect(await desk.barriers()).toEqual([]);
    await picture(desk, 'persons-none');
  });
});

describe('a payee account', () => {
  it('is shown in full with a reason', async () => {
    const desk = await deskOf('clerk');
    const { page } = desk;
    await desk.open(`/institutions/${pool.institutions.tertiary}`);
    await page.getByText('****0001').waitFor();
    await page.getByRole('button', { name: '查看完整信息' }).click();
    await page.getByRole('dialog').getByRole('combobox').click();
    await page.locator('.ant-select-item-option', { hasText: '核对收款账户' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /确\s*定|确认/ })
      .click();
    await page.getByText('6200000000000001').waitFor();
    await picture(desk, 'institution-revealed');
  });
});
