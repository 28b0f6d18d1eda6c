import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { DischargeImports } from '../claims/index.js';
import { Settings } from '../common/config/index.js';
import { yuanText } from '../common/money/index.js';
import { parseMonth } from '../common/time/index.js';
import { systemActor } from '../identity/index.js';
import { type Command, print, withApplication } from './command.js';

export const importDischargesCommand: Command = {
  name: 'import-discharges',
  usage: '--file F --institution CODE --month YYYY-MM',
  about: 'import a file of discharges (CSV or XLSX) and settle it; the same file again changes nothing',
  run(argv) {
    const { file, institution, month } = readOptions(argv);
    if (file === undefined || institution === undefined || month === undefined) {
      print('usage: import-discharges --file F --institution CODE --month YYYY-MM');
      return Promise.resolve(2);
    }
    return withApplication(async (app) => {
      const imports = app.get(DischargeImports);
      const actor = systemActor(app.get(Settings).poolArea);
      const bytes = await readFile(file);
      const staged = await imports.stage(actor, {
        ...{ institution, bytes, fileName: basename(file), month: parseMonth(month) },
      });
      const done = await imports.execute(actor, staged.id);
      print(`import ${done.id}: ${done.institutionName} ${done.month}, ${done.state}`);
      print(`rows ${String(done.rows)}, imported ${String(done.imported)}, with errors ${String(done.errors)}`);
      for (const sum of done.schemes) {
        const file = `file ${String(sum.rows)} rows ${yuanText(sum.total)}`;
        print(`scheme ${sum.scheme}: ${file}, settled ${String(sum.imported)} rows ${yuanText(sum.importedTotal)}`);
      }
      if (done.errors > 0) print(`faults: GET /api/v1/discharge-imports/${done.id}/errors.csv`);
      return done.state === 'done' ? 0 : 1;
    });
  },
};

function readOptions(argv: readonly string[]): Partial<Record<'file' | 'institution' | 'month', string>> {
  const option = { type: 'string' } as const;
  return parseArgs({ args: [...argv], options: { file: option, institution: option, month: option } }).values;
}
