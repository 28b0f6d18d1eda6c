import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { makeUser } from '../identity/accounts.js';
import { openOffice, type Office, PASSWORD } from '../identity/office.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

describe('the door of the console', () => {
  let office: Office;
  let browser: Browser;
  let desk: Desk;

  beforeAll(async () => {
    office = await openOffice();
    browser = await startBrowser();
    desk = await openDesk(browser, office.baseUrl);
    await desk.page.goto('/');
  });

  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  it('refuses a wrong password with a sentence and a code, and keeps the name', async () => {
    await desk.signIn('clerk', 'not the password at all');
    const alert = desk.page.getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/identity\.\S+/);
    expect(await desk.page.getByLabel('用户名').inputValue()).toBe('clerk');
    expect(await desk.barriers()).toEqual([]);
  });

  it('opens with the right password and shows the menu of the role', async () => {
    await desk.signIn('clerk', PASSWORD);
    await desk.page.getByRole('heading', { name: '工作台', level: 1 }).waitFor();
    const menu = desk.page.getByRole('navigation', { name: '主菜单' });
    expect(await menu.getByRole('link', { name: '月度结算' }).count()).toBe(1);
    expect(await menu.getByRole('link', { name: '用户' }).count()).toBe(0);
  });

  it('survives a reload, and an expired access token is renewed without a word', async () => {
    await desk.page.reload();
    await desk.page.getByRole('heading', { name: '工作台', level: 1 }).waitFor();
    expect(await desk.page.getByLabel('用户名').count()).toBe(0);
  });

  it('speaks English when asked, remembers it, and comes back', async () => {
    await desk.page.getByRole('button', { name: 'English' }).click();
    await desk.page.getByRole('heading', { name: 'Workplace', level: 1 }).waitFor();
    expect(await desk.page.getAttribute('html', 'lang')).toBe('en');
    await desk.page.reload();
    await desk.page.getByRole('heading', { name: 'Workplace', level: 1 }).waitFor();
    await desk.page.getByRole('button', { name: '中文' }).click();
    await desk.page.getByRole('heading', { name: '工作台', level: 1 }).waitFor();
  });

  it('can be walked by keyboard: the first stop skips to the content', async () => {
    await desk.page.reload();
    await desk.page.getByRole('heading', { name: '工作台', level: 1 }).waitFor();
    await desk.page.keyboard.press('Tab');
    expect(await desk.page.evaluate('document.activeElement.textContent')).toBe('跳到正文');
    await desk.page.keyboard.press('Enter');
    expect(await desk.page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('says so when there is no such page', async () => {
    await desk.open('/no-such-page');
    await desk.page.getByRole('heading', { name: '没有这个页面', level: 1 }).waitFor();
  });

  it('closes: after signing out the page is gone, and so is the session', async () => {
    await desk.signOut();
    await desk.page.reload();
    await desk.page.getByLabel('用户名').waitFor();
    expect(await desk.page.getByRole('navigation').count()).toBe(0);
  });

  it('lets a new user in after two administrators and the user did their part', async () => {
    const user = await makeUser(office, { username: 'newcomer', areaCode: '331100' });
    await desk.signIn(user.username, PASSWORD);
    await desk.page.getByRole('navigation', { name: '主菜单' }).waitFor();
  });

  it('asked no other host for anything and broke no rule of the content security policy', () => {
    expect([...desk.hosts]).toEqual([new URL(office.baseUrl).host]);
    expect(desk.complaints).toEqual([]);
  });
});
