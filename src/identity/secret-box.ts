import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { TOKEN_KEY } from './access-tokens.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/** Seals secrets of second factors. A sealed value is bound to its row and opens nowhere else. */
@Injectable()
export class SecretBox {
  private readonly key: Buffer;

  constructor(@Inject(TOKEN_KEY) tokenKey: KeyObject) {
    const material = tokenKey.export({ type: 'pkcs8', format: 'der' });
    this.key = Buffer.from(hkdfSync('sha256', material, '', 'tongchou second-factor', KEY_BYTES));
  }

  seal(rowId: string, text: string): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(rowId));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([nonce, body, cipher.getAuthTag()]));
  }

  open(rowId: string, sealed: Buffer): Promise<string> {
    const decipher = createDecipheriv(CIPHER, this.key, sealed.subarray(0, NONCE_BYTES))
      .setAAD(Buffer.from(rowId))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    const body = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
    return Promise.resolve(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'));
  }
}
