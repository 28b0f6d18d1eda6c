import { describe, expect, it } from '@jest/globals';
import { migrations } from './index.js';
import { phaseOf, withPhase } from './phase.js';

const FIRST_WITH_PHASE = 13;
const numberOf = (name: string): number => Number(name.slice(-4));

describe('migrations', () => {
  it.each(migrations.map((each) => [each.name, each] as const))('%s says its phase, if it must', (name, migration) => {
    const instance = new migration();
    if (numberOf(name) >= FIRST_WITH_PHASE) expect(instance.phase).toMatch(/^(expand|contract)$/);
    expect(phaseOf(instance)).toBe(instance.phase ?? 'contract');
  });

  it('keep their names and their order when their phase is put in', () => {
    const names = migrations.map((migration) => migration.name);
    expect(migrations.map((migration) => withPhase(migration).name)).toEqual(names);
    expect(names.map(numberOf)).toEqual(names.map(numberOf).sort((one, other) => one - other));
  });
});
