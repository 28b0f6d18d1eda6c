/** The scheduler was down over a month end (F6): started on the third day, it does what was due, under its own name. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDebian } from '../../../scripts/lib/debian.mjs';
import { makePaymentWorld, SCHEME } from './payment-world.mjs';
import { startServer } from './servers.mjs';

const LIMIT_MS = 180_000;
const LIBRARIES = '/usr/lib';

/** @returns {Promise<object>} the runs of the month that was due, after two servers were started on the 3rd and the 4th */
export async function downOverMonthEnd({ serverUrl }) {
  const preload = await faketimeLibrary();
  const world = await makePaymentWorld(serverUrl, { wholeYear: false });
  const start = (day) => {
    const clock = {
      LD_PRELOAD: preload,
      FAKETIME: `@${world.year + 1}-01-${day} 09:00:00`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    // Without the library the machine's own clock stands, which is long after the month end too.
    const env = { SCHEDULES: 'on', TZ: 'Asia/Shanghai', ...(preload === undefined ? {} : clock) };
    return startServer({ url: world.url, dataDir: world.dataDir, env });
  };
  const runs = () =>
    world.query(
      `SELECT period, state, attempts FROM job_run
       WHERE kind = 'month-settlement' AND area_code = $1 AND period >= $2 ORDER BY period`,
      [`331100:${SCHEME}`, `${world.year}-12`],
    );
  try {
    const before = await runs();
    const first = await start('03');
    const until = Date.now() + LIMIT_MS;
    while ((await runs())[0]?.state !== 'done' && Date.now() < until) await sleep(200);
    await first.end('SIGKILL');
    const second = await start('04');
    await sleep(3_000);
    await second.end('SIGTERM');
    return { before: before.length, due: `${world.year}-12`, runs: await runs(), faked: preload !== undefined };
  } finally {
    await world.drop();
  }
}

async function faketimeLibrary() {
  const find = () =>
    readdirSync(LIBRARIES)
      .map((folder) => join(LIBRARIES, folder, 'faketime/libfaketimeMT.so.1'))
      .find((file) => existsSync(file));
  if (!existsSync(LIBRARIES)) return undefined;
  return find() ?? ((await ensureDebian(['faketime'], ['faketime'])) ? find() : undefined);
}
