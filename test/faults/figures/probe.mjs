/** Preloaded into a server of the normal build: the parent asks over IPC how long its event loop stood still. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

process.on('message', ({ id, ask }) => {
  process.send?.({ id, lagMs: delay.max / 1e6 });
  if (ask === 'reset') delay.reset();
});
process.channel?.unref();
