/**
 * Persons into the registers, as the demonstration and every import write them – numbers encrypted and indexed blindly –
 * beside a bare COPY of the same rows into the same tables.
 */
import { performance } from 'node:perf_hooks';
import { withApplication } from '../lib/application.mjs';
import { copyIn, copyOut } from '../lib/copy.mjs';
import { enrol, migrate, seed } from '../lib/pool.mjs';
import { sayMedian, sayRound } from '../lib/report.mjs';
import { settings } from '../lib/settings.mjs';

const TABLES = ['person', 'person_certificate', 'coverage'];

/** @param {import('../lib/databases.mjs').Databases} databases */
export async function measureRegisters(databases) {
  const base = await databases.create('base');
  await migrate(base);
  await seed(base);
  const count = settings.registerPersons;
  const measure = {
    key: 'registers',
    what: `persons with their coverage into the registers (${count.toLocaleString('en').replaceAll(',', ' ')})`,
    unit: '/s',
    floor: 'COPY of the same rows',
    rounds: [],
  };
  for (let round = 0; round < settings.rounds; round += 1) {
    const url = await databases.create('registers', 'base');
    const seconds = await withApplication(url, async (app) => {
      const start = performance.now();
      await enrol(app, count);
      return (performance.now() - start) / 1000;
    });
    const files = await copyOut(url, databases.exchange, TABLES);
    const floor = await copyIn(await databases.create('floor', 'base'), files);
    measure.rounds.push({ ours: count / seconds, floor: count / floor });
    sayRound(measure, round);
    await databases.drop('registers');
    await databases.drop('floor');
  }
  sayMedian(measure);
  await databases.drop('base');
  return [measure];
}
