/** Somebody who is not root, to run as what must not need root. */
import { isRoot, run } from './process.mjs';

/**
 * @param {string} name a user of this machine that root can become
 * @returns {Promise<{uid?: number, gid?: number}>} empty for who is not root already
 */
export async function unprivileged(name = 'nobody') {
  if (!isRoot()) return {};
  const uid = await run('id', ['-u', name]);
  const gid = await run('id', ['-g', name]);
  if (uid.code !== 0 || gid.code !== 0) return unprivileged('nobody');
  return { uid: Number(uid.output.trim()), gid: Number(gid.output.trim()) };
}
