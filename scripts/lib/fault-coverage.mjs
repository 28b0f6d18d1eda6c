/** Which failpoints were reached and faulted, and proof that the normal build has none. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_BUILD, isInstrumented } from './fault-build.mjs';
import { ROOT } from './process.mjs';

/** Why a failpoint lies beside the ways that the scenarios walk. What no reason fits is a hole in the scenarios. */
const BESIDE = [
  [
    /^claims\/discharges\//,
    'import of files: its job runs in the frame whose failpoints are faulted; test/claims/discharge-import',
  ],
  [
    /^claims\/(batch-settlement|recalculation|claims)\.ts/,
    'whole batches, inside the transaction of an import or a close',
  ],
  [
    /^claims\/settlement-lane\.ts.*(settleLocked|underLock|lockPerson)/,
    'only after five lost races; test/claims/races',
  ],
  [
    /^(claims|ledger|payment)\/.*(list|view|reader|explain|find|get|look|whatIf|preSettle)/i,
    'reads and changes nothing but the note of who looked',
  ],
  [/^payment\/budget\//, 'a budget is one transaction of one person; test/payment/year'],
  [
    /^payment\/(clearing\/(assessments|readmissions)|advance\/deductions)/,
    'one transaction of one person; test/payment/year, month',
  ],
  [/^common\/outbox\//, 'schedules are off in the scenarios; killed, doubled and reordered in test/outbox (F45)'],
  [
    /^common\/jobs\/(job-ticker|job-runs)|job-runner\.ts.*(keepAlive|executeInBackground|onApplicationShutdown|run$)|run-lease\.ts.*(renew|release)/,
    'schedules and ends of processes; test/faults/jobs',
  ],
  [
    /^common\/db\/transactions\.ts.*(retried|run)/,
    'only after a serialization failure or a deadlock; test/identity, test/claims/races',
  ],
  [/^ledger\//, 'closing of a ledger period and reports; test/ledger'],
  [/.*/, 'a way that only another rule or an error takes'],
];

/** Collects what the scenarios reached and faulted. */
export class Coverage {
  reached = new Set();
  faulted = new Set();

  constructor(sites) {
    this.sites = sites;
  }

  /** @param {{id: string}[]} reached @param {Iterable<string>} faulted */
  add(reached, faulted) {
    for (const { id } of reached) this.reached.add(id);
    for (const id of faulted) {
      this.reached.add(id);
      this.faulted.add(id);
    }
  }

  /** @returns {Map<string, string[]>} the failpoints that were not faulted, by reason */
  left() {
    const groups = new Map();
    for (const { id } of this.sites) {
      if (this.faulted.has(id)) continue;
      const reason = this.reached.has(id)
        ? 'on the way, but its turn did not come in this run (another seed)'
        : BESIDE.find(([rule]) => rule.test(id))[1];
      groups.set(reason, [...(groups.get(reason) ?? []), id]);
    }
    return groups;
  }
}

/** @returns {{files: number, wrong: string[]}} files of dist/ that know of failpoints, or differ where they must not */
export function normalBuildIsClean() {
  const files = readdirSync(join(ROOT, 'dist'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.js'));
  const wrong = [];
  for (const file of files) {
    const text = readFileSync(join(ROOT, 'dist', file), 'utf8');
    if (/failpoints\.js|\b__fp\b|FAULTS_LOG/.test(text)) wrong.push(`dist/${file} knows of failpoints`);
    const twin = readFileSync(join(FAULT_BUILD, file), 'utf8');
    if (!isInstrumented(file.replace(/\.js$/, '.ts')) && twin !== text)
      wrong.push(`dist-faults/${file} is another program`);
    if (withoutFailpoints(twin) !== withoutFailpoints(text))
      wrong.push(`dist-faults/${file} differs by more than failpoints`);
  }
  return { files: files.length, wrong };
}

/** The program without its failpoints and without layout: what is left must be the same in both builds. */
function withoutFailpoints(text) {
  let plain = text.replace(/^import \* as __fp from .*$/m, '');
  for (;;) {
    const next = plain
      .replace(/__fp\.after\("[^"]*", \(await __fp\.before\("[^"]*"\), /g, '((')
      .replace(/__fp\.each\("[^"]*", /g, '(');
    if (next === plain) break;
    plain = next;
  }
  return plain.replace(/[\s();,]/g, '').replace(/\/\/#sourceMappingURL.*/, '');
}
