import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { AuditVerifier, ChainKeeper } from '../../src/audit/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { Audit, systemActor } from '../../src/identity/index.js';
import { type Office, openOffice, PASSWORD, POOL } from '../identity/office.js';
import { type Desk, openDesk, startBrowser } from './browser.js';

let office: Office;
let browser: Browser;
let desk: Desk;
const folder = mkdtempSync(join(tmpdir(), 'audit-page-'));
const shots = process.env['AUDIT_SHOTS'];

beforeAll(async () => {
  office = await openOffice({ env: { ANCHOR_DIR: folder, ANCHOR_KEY_FILE: join(folder, 'key.pem') } });
  await office.get(Transactions).run(async (tx) => {
    for (let number = 0; number < 120; number += 1) {
      const entry = { action: 'test.many', subjectKind: 'note', subjectId: `note-${String(number)}` };
      await Audit.record(tx, systemActor(POOL), { ...entry, details: { number } });
    }
  });
  browser = await startBrowser();
  desk = await openDesk(browser, office.baseUrl);
  await desk.signIn('auditor', PASSWORD);
  await desk.page.locator('h1').first().waitFor();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await office.close();
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['ANCHOR_DIR', 'ANCHOR_KEY_FILE']) Reflect.deleteProperty(process.env, name);
});

async function visit(path: string): Promise<void> {
  await desk.open(path);
  await desk.page.locator('.page-head h1', { hasText: '审计日志' }).waitFor();
  await desk.page.waitForLoadState('networkidle');
}

async function shoot(name: string): Promise<void> {
  if (shots !== undefined) await desk.page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

describe('the audit trail in the console', () => {
  it('says that nothing was chained, and offers no anchor', async () => {
    await visit('/audit-events');
    await desk.page.getByText('尚无记录入链').waitFor();
    expect(await desk.page.getByRole('button', { name: '生成锚点' }).isDisabled()).toBe(true);
    expect(await desk.page.getByText('尚未核验').count()).toBe(1);
  });

  it('shows how far the record is proved, makes an anchor and hands it out', async () => {
    await office.get(ChainKeeper).sweep();
    await office.get(AuditVerifier).verifyAndRecord(POOL);
    await desk.page.reload();
    await desk.page.getByText('核验完整').waitFor();
    await desk.page.getByRole('button', { name: '生成锚点' }).click();
    await desk.page.getByText('编号 1', { exact: true }).waitFor();
    const [file] = await Promise.all([
      desk.page.waitForEvent('download'),
      desk.page.getByRole('button', { name: '下载全部锚点' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('anchors.ndjson');
    await desk.page.mouse.move(0, 0);
    await shoot('audit-1440');
    expect(await desk.barriers()).toEqual([]);
  });

  it('keeps its filters in the address, pages through a long list and exports what it shows', async () => {
    await visit('/audit-events?action=test.many&kind=change');
    await desk.page.locator('input[name=action][value="test.many"]').waitFor();
    await desk.page.getByText('note-119').waitFor();
    await desk.page.getByRole('button', { name: '下一页' }).click();
    await desk.page.getByText('note-69', { exact: false }).first().waitFor();
    const [file] = await Promise.all([
      desk.page.waitForEvent('download'),
      desk.page.getByRole('button', { name: '导出 CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('audit-events.csv');
    await visit('/audit-events?action=test.nothing');
    await desk.page.locator('.ant-empty').first().waitFor();
    expect(await desk.page.getByText('note-119').count()).toBe(0);
  });

  it('tells what is broken', async () => {
    await office.database.query(`ALTER TABLE audit_event DISABLE TRIGGER tr_audit_event_append_only`);
    await office.database.query(`UPDATE audit_event SET details = '{}' WHERE subject_id = 'note-7'`);
    await office.get(AuditVerifier).verifyAndRecord(POOL);
    await visit('/audit-events');
    await desk.page.reload();
    await desk.page.getByText('核验不符').waitFor();
    expect(await desk.page.getByRole('alert').innerText()).toContain('该行内容被改动');
    expect(await desk.barriers()).toEqual([]);
  });

  it('fits a phone and speaks English', async () => {
    await desk.page.setViewportSize({ width: 390, height: 844 });
    expect(await desk.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await shoot('audit-390');
    expect(await desk.barriers()).toEqual([]);
    await desk.page.setViewportSize({ width: 1440, height: 900 });
    await desk.page.getByRole('button', { name: 'English' }).click();
    await desk.page.getByText('found broken').waitFor();
    expect(await desk.page.getByText('Verified up to').count()).toBeGreaterThan(0);
    expect(desk.complaints).toEqual([]);
  });
});
