import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Readiness } from '../../src/common/health/index.js';
import { type Office, openOffice } from '../identity/office.js';

jest.setTimeout(60_000);

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});

afterAll(async () => {
  await office.close();
});

const ready = (status: number) => office.call('get', '/api/health/ready').expect(status);

async function withMigration(name: string, phase: string, work: () => Promise<void>): Promise<void> {
  await office.database.query('INSERT INTO schema_migration (timestamp, name, phase) VALUES (99, $1, $2)', [
    name,
    phase,
  ]);
  try {
    await work();
  } finally {
    await office.database.query('DELETE FROM schema_migration WHERE name = $1', [name]);
  }
}

describe('a server beside a newer version', () => {
  it('stays ready when the newer one only added something', async () => {
    await withMigration('Added1800000000000', 'expand', async () => {
      const { body } = await ready(200);
      expect(body.checks).toEqual(expect.objectContaining({ database: 'ok', migrations: 'ok' }));
    });
  });

  it('is not ready when the newer one took something away', async () => {
    await withMigration('Removed1800000000000', 'contract', async () => {
      const { body } = await ready(503);
      expect(body.checks.migrations).toBe('newer');
    });
    await ready(200);
  });

  it('takes a database from before phases as it was: every unknown migration breaks', async () => {
    await withMigration('Unknown1800000000000', 'contract', async () => {
      await office.database.query('ALTER TABLE schema_migration RENAME COLUMN phase TO kept');
      try {
        expect((await ready(503)).body.checks.migrations).toBe('newer');
      } finally {
        await office.database.query('ALTER TABLE schema_migration RENAME COLUMN kept TO phase');
      }
    });
  });
});

describe('readiness', () => {
  it('is what every added check says it is', async () => {
    let state = 'ok';
    office
      .get(Readiness)
      .add('test', () => (state === 'broken' ? Promise.reject(new Error('x')) : Promise.resolve(state)));
    expect((await ready(200)).body.checks.test).toBe('ok');
    state = 'full';
    expect((await ready(503)).body.checks.test).toBe('full');
    state = 'broken';
    expect((await ready(503)).body.checks.test).toBe('failed');
    state = 'ok';
    await ready(200);
  });

  // The last test: a process that was told to end does not come back.
  it('turns red first when the server is told to end, while it still serves', async () => {
    office.get(Readiness).stop();
    const { body, headers } = await ready(503);
    expect(body.checks.server).toBe('stopping');
    expect(headers['connection']).toBe('close');
    await office.call('get', '/api/health/live').expect(200);
    await office.call('get', '/api/v1/areas', await office.tokenOf('clerk')).expect(200);
  });
});
