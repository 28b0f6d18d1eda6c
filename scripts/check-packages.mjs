/**
 * Packages that must not come in, not even through another package, and exact versions everywhere.
 * Each entry says why; a lock file is what is really installed, so that is what is read.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingFrom } from './lib/lock-file.mjs';
import { ROOT, say } from './lib/process.mjs';

const DENIED = [
  { name: 'gm-crypto', why: 'its SM2 private keys depend on two clock readings only' },
  { name: 'sm-crypto', below: [0, 5], why: 'up to 0.4 its SM2 private keys depend on two clock readings only' },
  { name: 'jsonwebtoken', why: 'its defaults accept forged tokens; jose is used' },
  { name: 'passport-jwt', why: 'it wraps jsonwebtoken' },
];

/** Licences that bind what is linked with them; the product is Apache-2.0. */
const REFUSED_LICENCE = /\b(AGPL|GPL-[23]|SSPL|BUSL|CC-BY-NC)/;

function isBelow(version, [major, minor]) {
  const [a, b] = version.split('.').map(Number);
  return a < major || (a === major && b < minor);
}

function faultsOf(folder) {
  const lock = JSON.parse(readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const faults = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    for (const denied of DENIED) {
      const hit = denied.name === name && (denied.below === undefined || isBelow(entry.version, denied.below));
      if (hit) faults.push(`${path}@${entry.version} is not allowed: ${denied.why}`);
    }
    if (typeof entry.license === 'string' && refusesLicence(entry.license)) {
      faults.push(`${path}@${entry.version} has the licence ${entry.license}`);
    }
    if (entry.resolved !== undefined && !/^https:\/\/registry\.(npmjs\.org|npmmirror\.com)\//.test(entry.resolved)) {
      faults.push(`${path} comes from ${entry.resolved}, not from the public registry`);
    }
    // The native packages of other platforms may have been added by complete-lock.mjs, which cannot know their hash.
    if (entry.integrity === undefined && entry.inBundle !== true && entry.os === undefined) {
      faults.push(`${path} has no integrity hash in the lock file`);
    }
  }
  for (const { name } of missingFrom(lock.packages)) {
    faults.push(`${name} is not in the lock file; run node scripts/complete-lock.mjs ${folder}`.trim());
  }
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
      faults.push(`${folder || '.'}: ${name} is "${range}"; write the exact version`);
  }
  return faults.map((fault) => `${folder || 'server'}: ${fault}`);
}

/** A choice such as "(MIT OR GPL-2.0)" is fine when one alternative is. */
function refusesLicence(licence) {
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .every((choice) => REFUSED_LICENCE.test(choice));
}

const folders = ['', 'console'].filter((folder) => existsSync(join(ROOT, folder, 'package-lock.json')));
const faults = folders.flatMap(faultsOf);
for (const fault of faults) say(fault);
say(`${folders.length} lock files read, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
