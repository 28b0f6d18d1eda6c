import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;

/**
 * The Ed25519 private key in a file, readable by the owner only, made when it is asked for the first time. All processes
 * that serve one database share the file. There is no default key and none in the sources.
 * @throws Error when the file holds something else
 */
export function ed25519KeyFile(path: string): KeyObject {
  if (!existsSync(path)) create(path);
  const key = createPrivateKey(readFileSync(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} does not hold an Ed25519 private key`);
  return key;
}

// Written under another name and linked: of two processes that start at once one wins, and nobody reads half a file.
function create(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${String(process.pid)}.${String(process.hrtime.bigint())}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: OWNER_ONLY });
  chmodSync(draft, OWNER_ONLY);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
