import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../support/app.js';

describe('benefit policies', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await createTestApp();
  });
  afterAll(async () => {
    await server.close();
  });
  it('boots', async () => {
    const rows = await server.database.query('select count(*)::int as n from benefit_policy_version');
    expect(rows).toEqual([{ n: 8 }]);
  });
});
