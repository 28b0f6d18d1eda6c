import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Clock } from '../common/time/index.js';
import { Demo } from '../demo/index.js';
import { type Command, print, withApplication } from './command.js';

const DEFAULT_SEED = 'oujiang';

export const demoLoadCommand: Command = {
  name: 'demo:load',
  about: 'load the demonstration region into an empty database; goes on where an interrupted load stopped',
  usage: '[--seed <text>] [--scale <number>]',
  async run(argv) {
    const { values } = parseArgs({ args: [...argv], options: { seed: { type: 'string' }, scale: { type: 'string' } } });
    const scale = Number(values.scale ?? process.env['DEMO_SCALE'] ?? '1');
    if (!(scale > 0 && scale <= 20)) throw new Error('--scale must be a number above 0 and at most 20');
    const given = process.env['DEMO_PASSWORD'];
    const password = given === undefined || given === '' ? randomBytes(12).toString('base64url') : given;
    return withApplication(async (app) => {
      const result = await app.get(Demo).load({
        seed: values.seed ?? process.env['DEMO_SEED'] ?? DEFAULT_SEED,
        scale,
        today: app.get(Clock).today(),
        password,
        accountsMade: (names) => {
          // Told at once and once: if the load is interrupted later, the accounts are there already.
          if (password !== given) print(`accounts ${names.join(', ')} have the password ${password}`);
        },
        progress: print,
      });
      print(
        result === 'present' ? 'the database is not empty: no demonstration was loaded' : 'the demonstration is loaded',
      );
      return 0;
    });
  },
};
