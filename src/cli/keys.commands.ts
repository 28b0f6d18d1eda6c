import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Settings } from '../common/config/index.js';
import {
  fileSource,
  formatKeys,
  KeyRotation,
  keySourceOf,
  makeKeys,
  ROTATION_JOB,
  SoftwareProvider,
} from '../common/crypto/index.js';
import { Transactions } from '../common/db/index.js';
import { JobRunner, JobRuns } from '../common/jobs/index.js';
import { Clock } from '../common/time/index.js';
import { systemActor } from '../identity/index.js';
import { type Command, print, withApplication } from './command.js';

const PROGRESS_MS = 2_000;
const MAX_RUNS_A_DAY = 999;

export const keysNewCommand: Command = {
  name: 'keys:new',
  about: 'make a file of field keys, for a new installation; never overwrites one',
  usage: '[--file F]',
  async run(argv) {
    const { values } = parseArgs({ args: [...argv], options: { file: { type: 'string' } } });
    const path = values.file ?? new Settings(process.env).fieldKeysFile;
    if (existsSync(path)) throw new Error(`${path} is there already; field keys are never overwritten`);
    await fileSource(path).create(formatKeys(makeKeys(new SoftwareProvider())));
    print(`${path} holds new field keys, readable by you only. Keep a copy apart from the database's backups.`);
    return 0;
  },
};

export const keysRotateCommand: Command = {
  name: 'keys:rotate',
  about: 'replace the field keys and seal everything anew, while servers serve; again = go on where it stopped',
  run: () =>
    withApplication(async (app) => {
      const rotation = app.get(KeyRotation);
      const settings = app.get(Settings);
      const goesOn = await rotation.underWay();
      if (goesOn) print('an earlier rotation is not finished; going on with it');
      else for (const key of await rotation.begin(keySourceOf(settings))) print(keyLine(key));
      const runs = app.get(JobRuns);
      const runId = await runOfToday(runs, settings.poolArea, app.get(Clock).today());
      const progress = setInterval(() => {
        void runs.get(runId).then((run) => {
          print(`${String(run.unitsDone)} of ${String(run.unitsPlanned ?? 0)} parts`);
        });
      }, PROGRESS_MS);
      try {
        const run = await app.get(JobRunner).execute(runId);
        print(`${run.state}: ${String(run.unitsDone)} of ${String(run.unitsPlanned ?? 0)} parts`);
        return run.state === 'done' ? 0 : 1;
      } finally {
        clearInterval(progress);
      }
    }),
};

export const keysCheckCommand: Command = {
  name: 'keys:check',
  about: 'open every encrypted value and compare every blind index; exit 1 when one is not right',
  run: () =>
    withApplication(async (app) => {
      const rotation = app.get(KeyRotation);
      const transactions = app.get(Transactions);
      const { poolArea } = app.get(Settings);
      for (const { key, values } of await rotation.report()) {
        print(`${keyLine(key).padEnd(44)} ${key.state.padEnd(8)} ${String(values).padStart(10)} values`);
      }
      let checked = 0;
      const wrong: string[] = [];
      for (const span of await transactions.run((tx) => rotation.spans(tx, poolArea))) {
        const part = await transactions.run((tx) => rotation.faults(tx, poolArea, span));
        checked += part.checked;
        wrong.push(...part.wrong);
      }
      for (const place of wrong) print(`NOT RIGHT  ${place}`);
      print(`${String(checked)} values checked, ${String(wrong.length)} not right`);
      return wrong.length === 0 ? 0 : 1;
    }),
};

interface NamedKey {
  readonly id: number;
  readonly use: string;
  readonly purpose: string;
  readonly version: number;
}

function keyLine({ id, use, purpose, version }: NamedKey): string {
  return `key ${String(id)}: ${use} ${purpose}, version ${String(version)}`;
}

/** The unfinished rotation, or a run of today's with a number of its own. */
async function runOfToday(runs: JobRuns, poolArea: string, today: string): Promise<string> {
  const [latest] = await runs.list({ poolArea, kind: ROTATION_JOB }, { limit: 1 });
  if (latest !== undefined && latest.state !== 'done') return latest.id;
  for (let number = 1; number <= MAX_RUNS_A_DAY; number += 1) {
    const request = { kind: ROTATION_JOB, area: poolArea, period: `${today}.${String(number)}` };
    const { runId, created } = await runs.start({ ...request, actor: systemActor(poolArea) });
    if (created) return runId;
  }
  throw new Error('the keys were rotated too often today');
}
