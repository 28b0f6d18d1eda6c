import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import type { Browser } from 'playwright-core';
import { openOffice, type Office, PASSWORD } from '../identity/office.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

const STEP_MS = 30_000;

/** A new colleague, from the account to the first page, and everybody who has a part in it. */
describe('accounts and rights in the console', () => {
  let office: Office;
  let browser: Browser;
  const desks = new Map<string, Desk>();

  beforeAll(async () => {
    office = await openOffice();
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  /** A window in which somebody is signed in with the password alone. */
  async function deskOf(username: string): Promise<Desk> {
    const known = desks.get(username);
    if (known !== undefined) return known;
    const desk = await openDesk(browser, office.baseUrl);
    await desk.signIn(username, PASSWORD);
    await desk.page.getByRole('navigation', { name: '主菜单' }).waitFor();
    desks.set(username, desk);
    return desk;
  }

  const confirm = (desk: Desk) =>
    desk.page
      .getByRole('dialog')
      .getByRole('button', { name: /确\s*定/ })
      .click();

  let code = '';
  let confirmation = '';
  let secret = '';
  let recovery = '';
  let lastCode = '';

  /** The code an app would show now; waits for the next one when the present one was used already. */
  async function nextCode(desk: Desk): Promise<string> {
    let shown = generateSync({ secret });
    while (shown === lastCode) {
      await desk.page.waitForTimeout(STEP_MS / 30);
      shown = generateSync({ secret });
    }
    lastCode = shown;
    return shown;
  }

  it('the system administrator makes an account and gets the first code', async () => {
    const desk = await deskOf('admin');
    await desk.open('/users');
    await desk.page.getByRole('button', { name: '新增用户' }).click();
    const dialog = desk.page.getByRole('dialog', { name: '新增用户' });
    await dialog.getByLabel('用户名').fill('zhang.san');
    await dialog.getByLabel('名称').fill('张三');
    expect(await dialog.getByLabel('岗位').count()).toBe(0);
    await confirm(desk);
    code = (await desk.page.getByTestId('told-code').textContent()) ?? '';
    expect(code).toMatch(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
    expect(await desk.barriers()).toEqual([]);
  });

  it('the security administrator confirms it, gets the second code, and asks for a role', async () => {
    const desk = await deskOf('security');
    await desk.open('/users');
    await desk.page.getByRole('button', { name: '确认并取确认码 zhang.san' }).click();
    await confirm(desk);
    confirmation = (await desk.page.getByTestId('told-code').textContent()) ?? '';
    expect(confirmation).not.toBe(code);
    await desk.page.getByRole('button', { name: '变更授权 zhang.san' }).click();
    const dialog = desk.page.getByRole('dialog', { name: /变更授权/ });
    await dialog.getByLabel('岗位').click();
    await desk.page.getByTitle('复核').click();
    await dialog.getByLabel('变更理由').fill('新入职，任复核');
    await confirm(desk);
    await dialog.waitFor({ state: 'detached' });
    await desk.open('/role-changes');
    await desk.page.getByRole('heading', { name: '授权变更', level: 1 }).waitFor();
    const row = desk.page.getByRole('row', { name: /张三/ });
    expect(await row.textContent()).toContain('等待他人确认');
    expect(await row.getByRole('button', { name: /确认变更/ }).count()).toBe(0);
    expect(await desk.barriers()).toEqual([]);
  });

  it('the new colleague chooses a password with both codes', async () => {
    const desk = await openDesk(browser, office.baseUrl);
    await desk.page.goto('/');
    await desk.page.getByRole('button', { name: '启用账户 / 重设密码' }).click();
    await desk.page.getByLabel('用户名').fill('zhang.san');
    await desk.page.getByLabel('系统管理员给的启用码').fill(code.toLowerCase());
    await desk.page.getByRole('textbox', { name: '安全管理员给的确认码' }).fill(confirmation);
    await desk.page.getByLabel('新密码', { exact: true }).fill('my own long password 7');
    await desk.page.getByLabel('再次输入新密码').fill('my own long password 7');
    expect(await desk.barriers()).toEqual([]);
    await desk.page.getByRole('button', { name: '设置密码' }).click();
    await desk.page.getByText('密码已设置，请用新密码登录。').waitFor();
    await desk.signIn('zhang.san', 'my own long password 7');
    await desk.page.getByText('您的密码已通过启用码重新设置。').waitFor();
    await desk.page.getByRole('button', { name: '知道了' }).click();
    await desk.page.getByText('您的账户有以下安全事项').waitFor({ state: 'detached' });
    desks.set('zhang.san', desk);
  });

  it('sets up an authenticator app, keeps the recovery codes, and signs in with a code from then on', async () => {
    const desk = await deskOf('zhang.san');
    await desk.page.getByRole('button', { name: /^当前用户/ }).click();
    await desk.page.getByRole('menuitem', { name: '账户安全' }).click();
    await desk.page.getByRole('heading', { name: '账户安全', level: 1 }).waitFor();
    await desk.page.getByRole('button', { name: '绑定身份验证器' }).click();
    await desk.page.getByRole('img', { name: '绑定用的二维码' }).locator('svg').first().waitFor();
    secret = ((await desk.page.locator('code.one-time-code').textContent()) ?? '').replace(/\s/g, '');
    expect(await desk.barriers()).toEqual([]);
    await desk.page.getByLabel(/输入应用显示的 6 位验证码/).fill(await nextCode(desk));
    await desk.page.getByRole('button', { name: '完成绑定' }).click();
    const codes = desk.page.getByRole('region', { name: /恢复码/ }).locator('code');
    await codes.first().waitFor();
    recovery = (await codes.first().textContent()) ?? '';
    expect(await codes.count()).toBe(10);
    expect(await desk.barriers()).toEqual([]);
    await desk.page.getByRole('button', { name: '我已保存好' }).click();
    await desk.page.getByText('已绑定').first().waitFor();
    await desk.signOut();
    await desk.signIn('zhang.san', 'my own long password 7');
    const field = desk.page.getByLabel('验证码或恢复码');
    await field.fill(lastCode);
    await desk.page.getByRole('button', { name: '验证并登录' }).click();
    await desk.page.getByRole('alert').first().waitFor();
    expect(await desk.barriers()).toEqual([]);
    await field.fill(await nextCode(desk));
    await desk.page.getByRole('button', { name: '验证并登录' }).click();
    await desk.page.getByRole('navigation', { name: '主菜单' }).waitFor();
  });

  it('somebody else confirms the role, after proving who they are again; it takes effect at once', async () => {
    const desk = await deskOf('approver');
    await office.database.query(`UPDATE auth_session SET proved_at = now() - interval '11 minutes'`);
    await desk.page.waitForTimeout(1_200);
    await desk.open('/role-changes');
    await desk.page.getByRole('button', { name: '确认变更 zhang.san' }).click();
    await desk.page
      .getByRole('dialog', { name: /确认变更/ })
      .getByRole('button', { name: /确\s*定/ })
      .click();
    const proof = desk.page.getByRole('dialog', { name: '再次验证身份' });
    await proof.getByLabel('密码').fill('not my password');
    await proof.getByRole('button', { name: /确\s*定/ }).click();
    await proof.getByText(/identity\.proof-wrong/).waitFor();
    await proof.getByLabel('密码').fill(PASSWORD);
    await proof.getByRole('button', { name: /确\s*定/ }).click();
    await desk.page.getByText('没有符合条件的数据').waitFor();
    expect(await desk.barriers()).toEqual([]);
    const colleague = await deskOf('zhang.san');
    await colleague.page.reload();
    await colleague.signIn('zhang.san', 'my own long password 7');
    await colleague.page.getByLabel('验证码或恢复码').fill(recovery);
    await colleague.page.getByRole('button', { name: '验证并登录' }).click();
    const menu = colleague.page.getByRole('navigation', { name: '主菜单' });
    await menu.getByRole('link', { name: '月度结算' }).waitFor();
    await colleague.page.getByText('您的岗位或管辖范围已变更。').waitFor();
  });

  it.each(['/users', '/role-changes', '/account', '/'])('%s fits a phone and has no barrier', async (path) => {
    const desk = await openDesk(browser, office.baseUrl, 390);
    await desk.signIn('security', PASSWORD);
    await desk.page.locator('h1').first().waitFor();
    await desk.page.getByRole('button', { name: '打开菜单' }).waitFor();
    await desk.open(path);
    await desk.page.waitForLoadState('networkidle');
    expect(await desk.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await desk.barriers()).toEqual([]);
    await desk.page.context().close();
  });

  it('asked no other host for anything and broke no rule of the content security policy', () => {
    for (const desk of desks.values()) {
      expect([...desk.hosts]).toEqual([new URL(office.baseUrl).host]);
      expect(desk.complaints).toEqual([]);
    }
  });
});
