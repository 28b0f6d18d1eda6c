import { AxeBuilder } from '@axe-core/playwright';
import { jest } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Keeps Chromium from asking its maker's servers for anything while it tests ours. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// A page that is loaded, signed in and read by axe takes longer than a call of the API.
jest.setTimeout(90_000);

/** A browser on one application, which writes down every address that a page asked for and every complaint it made. */
export interface Desk {
  readonly page: Page;
  /** Hosts that were asked for something. */
  readonly hosts: Set<string>;
  /** Errors of scripts and refusals of the content security policy. */
  readonly complaints: string[];
  open(path: string): Promise<void>;
  signIn(username: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  /** Rules of WCAG that the page breaks, one text each; empty when it breaks none. */
  barriers(): Promise<string[]>;
}

/** Starts the Chromium that `npm test` found or installed. */
export function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: QUIET });
}

/** A fresh window in Chinese; `width` 390 is a phone. */
export async function openDesk(browser: Browser, baseUrl: string, width = 1440): Promise<Desk> {
  const context: BrowserContext = await browser.newContext({
    baseURL: baseUrl,
    locale: 'zh-CN',
    viewport: { width, height: 900 },
    // A click must not land where a menu is still moving.
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const hosts = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http')) hosts.add(url.host);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  return {
    page,
    hosts,
    complaints,
    open: (path) => openPath(page, path),
    signIn: (username, password) => signIn(page, username, password),
    signOut: () => signOut(page),
    barriers: () => barriers(page),
  };
}

/** Goes to an address inside the console without loading it anew, as a click on a link does. */
async function openPath(page: Page, path: string): Promise<void> {
  if (page.url() === 'about:blank') {
    await page.goto(path);
    return;
  }
  const to = JSON.stringify(path);
  await page.evaluate(`history.pushState({}, '', ${to}); dispatchEvent(new PopStateEvent('popstate'))`);
}

async function signIn(page: Page, username: string, password: string): Promise<void> {
  if (page.url() === 'about:blank') await page.goto('/');
  await page.getByLabel('用户名').fill(username);
  await page.getByLabel('密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^当前用户/ }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await page.getByLabel('用户名').waitFor();
}

async function barriers(page: Page): Promise<string[]> {
  // Results are of the page at rest: axe measures colours, and a fading skeleton has none yet.
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
