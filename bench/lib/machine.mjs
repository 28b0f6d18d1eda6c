/** The machine on which a run took place, and whether it had anything else to do. */
import { cpus, loadavg, totalmem } from 'node:os';

/** A load above this share of the cores before the start means that the figures compare nothing. */
const QUIET = 0.35;

/** @returns {number} the load average of the last minute */
export const loadNow = () => loadavg()[0];

/**
 * @param {string} postgres version of the server
 * @param {number} load of the machine before the run built and started anything: its own work is not another program's
 * @returns {{lines: [string, string][], busy: boolean}}
 */
export function describeMachine(postgres, load) {
  const cores = cpus();
  const busy = load > cores.length * QUIET;
  return {
    busy,
    lines: [
      [
        'machine',
        `${cores[0]?.model.trim() ?? 'unknown CPU'}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      ],
      [
        'software',
        `Node ${process.versions.node}, PostgreSQL ${postgres} (durable settings), ${process.platform} ${process.arch}`,
      ],
      [
        'started',
        `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, load average ${load.toFixed(2)}${busy ? ' – BUSY' : ''}`,
      ],
    ],
  };
}
