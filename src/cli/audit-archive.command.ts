import { parseArgs } from 'node:util';
import { AuditArchive } from '../audit/index.js';
import { parseMonth } from '../common/time/index.js';
import { type Command, print, withApplication } from './command.js';

export const auditArchiveCommand: Command = {
  name: 'audit-archive',
  usage: '--month YYYY-MM',
  about: 'verify a month of the audit trail, record that it leaves, and detach it for a dump (owner only)',
  run(argv) {
    const { month } = parseArgs({ args: [...argv], options: { month: { type: 'string' } } }).values;
    if (month === undefined) {
      print('usage: audit-archive --month YYYY-MM');
      return Promise.resolve(2);
    }
    return withApplication(async (app) => {
      const table = await app.get(AuditArchive).detach(parseMonth(month));
      print(`${table} verifies and is detached; dump it, read two copies back, and only then drop it`);
      return 0;
    });
  },
};
