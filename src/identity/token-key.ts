import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { ed25519KeyFile } from '../common/key-file/index.js';

/** The Ed25519 key that signs access tokens; it lies in a file beside the data and is made on first start. */
export function loadTokenKey(dataDir: string): KeyObject {
  return ed25519KeyFile(join(dataDir, 'token-key.pem'));
}
