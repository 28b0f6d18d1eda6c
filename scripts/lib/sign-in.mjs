/** How the first visitor signs in: the demonstration's accounts and their password, told once. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA } from './process.mjs';

const PENDING = join(DATA, 'demo-password.pending');
const ACCOUNTS = 'clerk, reviewer, approver, inspector, provider, admin, security, auditor';

/**
 * The password that the demonstration's accounts get. A random one is kept (readable by its owner only) until it was
 * told, so that a load that is interrupted goes on with the same one.
 *
 * @param {boolean} waits whether the demonstration is still to be loaded
 * @returns {{value: string|undefined, isNew: boolean}} undefined when the accounts have theirs already
 */
export function demoPassword(waits) {
  const given = process.env.DEMO_PASSWORD;
  if (given !== undefined && given !== '') return { value: given, isNew: false };
  if (!waits)
    return { value: existsSync(PENDING) ? readFileSync(PENDING, 'utf8') : undefined, isNew: existsSync(PENDING) };
  if (!existsSync(PENDING)) writeFileSync(PENDING, randomBytes(9).toString('base64url'), { mode: 0o600 });
  return { value: readFileSync(PENDING, 'utf8'), isNew: true };
}

/** The last lines of a start. Telling the random password makes this machine forget it. */
export function signInHelp(port, password) {
  const lines = ['', `Tongchou is ready:  http://localhost:${port}/`, `  Demonstration accounts: ${ACCOUNTS}`];
  if (password.isNew) {
    lines.push(`  Their password:         ${password.value}   (shown this once; write it down)`);
    rmSync(PENDING, { force: true });
  } else if (password.value !== undefined) {
    lines.push('  Their password:         the value of DEMO_PASSWORD at the first start');
  } else {
    lines.push('  Their password:         as printed at the first start');
  }
  lines.push(
    `  API description:        http://localhost:${port}/api/docs`,
    '  Server log:             .data/server.log',
    '  Stop with Ctrl-C.',
    '',
  );
  return lines.join('\n');
}
