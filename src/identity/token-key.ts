import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY = 0o600;

/**
 * The Ed25519 key that signs access tokens. It lies in a file beside the data, readable by the owner only, and is made on
 * first start; all processes that serve one database share the folder. There is no default key and none in the sources.
 */
export function loadTokenKey(dataDir: string): KeyObject {
  const path = join(dataDir, 'token-key.pem');
  if (!existsSync(path)) createKeyFile(dataDir, path);
  const key = createPrivateKey(readFileSync(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} does not hold an Ed25519 private key`);
  return key;
}

// Written under another name and linked: of two processes that start at once one wins, and nobody reads half a file.
function createKeyFile(dataDir: string, path: string): void {
  mkdirSync(dataDir, { recursive: true });
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
