import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import { CryptoProvider, type DataKey, type IndexKey, type PlainItem, type SealedItem } from './crypto-provider.js';

const MATERIAL_BYTES = 32;
const CIPHER = 'sm4-cbc';
const MAC = 'sm3';
const CIPHER_KEY_BYTES = 16;
const NONCE_BYTES = 16;
const TAG_BYTES = 32;
const BLOCK_BYTES = 16;
const CHECK_BYTES = 8;
/** After so many items other requests get their turn; some three milliseconds of work. */
const TURN = 256;
/** Random bytes have about 28 different values among 32; a key typed by hand has fewer. */
const LOWEST_VARIETY = 20;

/**
 * SM4-CBC (GB/T 32907) and HMAC-SM3 (GB/T 15852.2, GB/T 32905) by node:crypto, encrypt-then-MAC: nothing is decrypted before
 * its tag is right, so that padding tells nothing. The keys of both are derived from the material by HKDF-SM3; the nonce is
 * 16 random bytes, new for every text, as CBC asks. (node:crypto has no SM4-GCM.)
 */
export class SoftwareProvider extends CryptoProvider {
  readonly format = 1;

  newMaterial(): Buffer {
    return randomBytes(MATERIAL_BYTES);
  }

  accept(material: Buffer): void {
    if (material.length !== MATERIAL_BYTES) {
      throw new Error(`a key has ${String(MATERIAL_BYTES)} bytes, this one has ${String(material.length)}`);
    }
    if (new Set(material).size < LOWEST_VARIETY || isSequence(material)) {
      throw new Error('a key is made at random; this one is an example or was typed by hand');
    }
  }

  checkValue(material: Buffer): Promise<Buffer> {
    const value = createHmac(MAC, derived(material, 'check', TAG_BYTES))
      .update('tongchou key check')
      .digest();
    return Promise.resolve(value.subarray(0, CHECK_BYTES));
  }

  dataKey(material: Buffer): DataKey {
    const cipher = derived(material, 'cipher', CIPHER_KEY_BYTES);
    const mac = derived(material, 'mac', TAG_BYTES);
    return {
      // One draw for all nonces: a draw costs more than the cipher.
      seal: (items) => {
        const nonces = randomBytes(NONCE_BYTES * items.length);
        return inTurns(items, (item, at) =>
          seal(cipher, mac, item, nonces.subarray(at * NONCE_BYTES).subarray(0, NONCE_BYTES)),
        );
      },
      open: (items) => inTurns(items, (item) => open(cipher, mac, item)),
    };
  }

  indexKey(material: Buffer): IndexKey {
    const key = derived(material, 'index', TAG_BYTES);
    return { index: (values) => inTurns(values, (value) => createHmac(MAC, key).update(value).digest()) };
  }
}

function derived(material: Buffer, use: string, bytes: number): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync(MAC, material, '', `tongchou field encryption ${use}`, bytes)));
}

function seal(cipherKey: KeyObject, macKey: KeyObject, { plain, bound }: PlainItem, nonce: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, cipherKey, nonce);
  const head = cipher.update(plain);
  const body = Buffer.concat([nonce, head, cipher.final()]);
  return Buffer.concat([body, tagOf(macKey, body, bound)]);
}

function open(cipherKey: KeyObject, macKey: KeyObject, { sealed, bound }: SealedItem): Buffer | undefined {
  const textBytes = sealed.length - NONCE_BYTES - TAG_BYTES;
  if (textBytes < BLOCK_BYTES || textBytes % BLOCK_BYTES !== 0) return undefined;
  const body = sealed.subarray(0, sealed.length - TAG_BYTES);
  if (!timingSafeEqual(tagOf(macKey, body, bound), sealed.subarray(body.length))) return undefined;
  const decipher = createDecipheriv(CIPHER, cipherKey, body.subarray(0, NONCE_BYTES));
  return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES)), decipher.final()]);
}

// The length in front keeps "what it belongs to" and "what it is" apart: no byte can change sides.
function tagOf(key: KeyObject, body: Buffer, bound: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bound.length);
  return createHmac(MAC, key).update(length).update(bound).update(body).digest();
}

async function inTurns<T, R>(items: readonly T[], work: (item: T, at: number) => R): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    if (results.length > 0 && results.length % TURN === 0) await otherWork();
    results.push(work(item, results.length));
  }
  return results;
}

function isSequence(material: Buffer): boolean {
  const step = ((material[1] ?? 0) - (material[0] ?? 0)) & 0xff;
  return material.every((byte, at) => at === 0 || ((byte - (material[at - 1] ?? 0)) & 0xff) === step);
}
