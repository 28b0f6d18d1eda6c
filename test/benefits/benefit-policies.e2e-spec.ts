import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BenefitPolicies, PolicyVersions } from '../../src/benefits/index.js';
import { Transactions } from '../../src/common/db/index.js';
import { type Office, openOffice } from '../identity/office.js';

let office: Office;
let token: string;

beforeAll(async () => {
  office = await openOffice({ env: { SCHEDULES: 'off', LOG_LEVEL: 'silent' } });
  token = await office.tokenOf('inspector');
}, 120_000);

afterAll(async () => {
  await office.close();
});

const get = (path: string) => office.call('get', `/api/v1/${path}`, token);

/** The years from which a policy of the demonstration region is in force, for both schemes. */
const YEARS = [2011, 2016, 2024, 2025, 2026, 2027];

describe('benefit policies over REST', () => {
  it('lists the policies with version, span, title and sources', async () => {
    const { body } = await get('benefit-policies').expect(200);
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(
      ['310', '390'].flatMap((scheme) => YEARS.map((year) => `331100-${scheme}-${String(year)}`)),
    );
    expect(body.items[YEARS.indexOf(2024)]).toMatchObject({
      version: expect.stringMatching(/^331100-310-2024@[0-9a-f]{16}$/),
      scheme: '310',
      validFrom: '2024-01-01',
      validTo: '2025-01-01',
      title: { zh: expect.any(String), en: expect.any(String) },
      sources: [expect.objectContaining({ name: 'demonstration policy, shaped like published tables' })],
    });
  });

  it('filters by scheme and day, and pages without losing or repeating one', async () => {
    const { body: one } = await get('benefit-policies?scheme=390&on=2026-05-01').expect(200);
    expect(one.items).toHaveLength(1);
    expect(one.items[0].id).toBe('331100-390-2026');
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await get(`benefit-policies?limit=3${cursor}`).expect(200);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${String(body.nextCursor)}`;
    }
    expect(seen).toHaveLength(2 * YEARS.length);
    expect(new Set(seen).size).toBe(2 * YEARS.length);
  });

  it('shows a policy whole, by id and by version', async () => {
    const { body } = await get('benefit-policies/331100-390-2026').expect(200);
    expect(body.document).toMatchObject({ kind: 'benefits', ceiling: { annual: 200000 } });
    const { body: same } = await get(`benefit-policies/${encodeURIComponent(String(body.version))}`).expect(200);
    expect(same).toEqual(body);
  });

  it('still shows a version whose file has changed since, and compiles it for a replay', async () => {
    const loaded = office.get(BenefitPolicies).list()[0];
    if (loaded === undefined) throw new Error('no policy');
    const version = `${loaded.id}@0000000000000001`;
    await office.database.query(
      `INSERT INTO benefit_policy_version (pool_area, version, policy_id, scheme, valid, document)
       SELECT pool_area, $1, policy_id, scheme, valid, jsonb_set(document, '{ceiling,annual}', '123')
       FROM benefit_policy_version WHERE version = $2`,
      [version, loaded.version],
    );
    const { body } = await get(`benefit-policies/${version}`).expect(200);
    expect(body.document.ceiling.annual).toBe(123);
    const compiled = await office
      .get(Transactions)
      .read((tx) => office.get(PolicyVersions).get(tx, loaded.region, version));
    expect(compiled.ceiling?.annual).toBe(12_300n);
  });

  it('answers 404 with a code for what does not exist, and 400 for a bad filter', async () => {
    for (const id of ['331100-390-1999', '331100-390-2026@ffffffffffffffff', '-']) {
      const { body } = await get(`benefit-policies/${id}`).expect(404);
      expect(body.code).toBe('benefits.unknown-version');
    }
    await get('benefit-policies?on=2026-02-30').expect(400);
    await get('benefit-policies?scheme=999').expect(400);
    await office.call('get', '/api/v1/benefit-policies').expect(401);
  });

  it('keeps each version once, however often the server starts, and nobody can change one', async () => {
    const transactions = office.get(Transactions);
    const versions = office.get(PolicyVersions);
    const count = async () => (await office.database.query('SELECT version FROM benefit_policy_version')).length;
    const before = await count();
    await Promise.all([1, 2, 3, 4].map(() => transactions.run((tx) => versions.record(tx))));
    expect(await count()).toBe(before);
    for (const sql of [
      `UPDATE benefit_policy_version SET document = '{}'`,
      'DELETE FROM benefit_policy_version',
      'TRUNCATE benefit_policy_version',
    ]) {
      await expect(transactions.run((tx) => tx.query(sql))).rejects.toThrow('permission denied');
    }
  });
});
