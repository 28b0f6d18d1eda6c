import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Clock } from '../common/time/index.js';
import { Demo, type DemoPart, DemoSummary } from '../demo/index.js';
import { type Command, print, withApplication } from './command.js';

const DEFAULTS = { seed: 'oujiang', scale: '1:200', years: 'all' } as const;

export const demoLoadCommand: Command = {
  name: 'demo:load',
  about: 'load the demonstration region into an empty database; goes on where an interrupted load stopped',
  usage: '[--scale 1:<1…2000>] [--seed <text>] [--years all|none|<first>-<last>] [--json]',
  async run(argv) {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...argv],
      options: { seed: text, scale: text, years: text, json: { type: 'boolean', default: false } },
    });
    const option = (name: keyof typeof DEFAULTS): string =>
      values[name] ?? nonEmpty(process.env[`DEMO_${name.toUpperCase()}`]) ?? DEFAULTS[name];
    const given = nonEmpty(process.env['DEMO_PASSWORD']);
    const password = given ?? randomBytes(12).toString('base64url');
    return withApplication(async (app) => {
      const summary = new DemoSummary();
      const result = await app.get(Demo).load({
        seed: option('seed'),
        scale: option('scale'),
        years: option('years'),
        today: app.get(Clock).today(),
        password,
        accountsMade: (names) => {
          // Told at once and once: if the load is interrupted later, the accounts are there already.
          if (password !== given) print(`accounts ${names.join(', ')} have the password ${password}`);
        },
        progress: (part) => {
          summary.add(part);
          print(values.json ? JSON.stringify(part) : sentence(part));
        },
      });
      if (result === 'present') print('the demonstration is there already: nothing was done');
      else print(values.json ? JSON.stringify(summary.total()) : summary.sentence());
      return 0;
    });
  },
};

function sentence({ phase, what, count, seconds }: DemoPart): string {
  return `${phase} ${what}${count > 0 ? `: ${String(count)}` : ''} (${seconds.toFixed(1)} s)`;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
