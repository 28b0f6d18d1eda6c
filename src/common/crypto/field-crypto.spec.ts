import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Metrics } from '../metrics/index.js';
import type { EncryptedField } from './encrypted-fields.js';
import { FieldCrypto } from './field-crypto.js';
import { formatKeys, makeKeys, parseKeys, textSource } from './key-file.js';
import type { RegisteredKey } from './key-register.js';
import { KeyRing } from './key-ring.js';
import { SoftwareProvider } from './software-provider.js';

const provider = new SoftwareProvider();
const keys = makeKeys(provider);
const PHONE: EncryptedField = { table: 'person', column: 'phone', purpose: 'person', row: ['id'] };
const MASK: EncryptedField = { ...PHONE, column: 'certificate_mask' };
const INDEX = { table: 'person_certificate', column: 'blind_index', kind: 'certificate' } as const;
const HERE = '00000000-0000-7000-8000-00000000000a';
/** Every string a text column can hold: all of Unicode, the supplementary planes included. */
const text = fc.string({ unit: 'binary', maxLength: 40 });

let crypto: FieldCrypto;
let metrics: Metrics;

beforeAll(async () => {
  const register: RegisteredKey[] = [];
  for (const { material, ...key } of keys) {
    register.push({ ...key, checkValue: await provider.checkValue(material), state: 'current' });
  }
  const queries = {
    query: <R extends object>(sql: string): Promise<R[]> =>
      Promise.resolve((sql.includes('to_regclass') ? [{ there: true }] : register) as unknown as R[]),
  };
  metrics = new Metrics();
  const ring = new KeyRing(provider, textSource('FIELD_KEYS', formatKeys(keys)), (work) => work(queries));
  crypto = new FieldCrypto(provider, ring, metrics);
});

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );

describe('an encrypted field', () => {
  it('gives every string back', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.uuid(), async (value, row) => {
        expect(await crypto.open(PHONE, row, await crypto.seal(PHONE, row, value))).toBe(value);
      }),
    );
  });

  it('keeps null null, and the order', async () => {
    const texts = ['一', null, '三', '𬱖', null];
    const sealed = await crypto.sealMany(
      PHONE,
      texts.map((value) => ({ row: HERE, text: value })),
    );
    expect(sealed.map((value) => value === null)).toEqual(texts.map((value) => value === null));
    expect(
      await crypto.openMany(
        PHONE,
        sealed.map((value) => ({ row: HERE, sealed: value })),
      ),
    ).toEqual(texts);
  });

  it('refuses half a surrogate pair instead of changing it', async () => {
    await expect(crypto.seal(PHONE, HERE, '李\uD842')).rejects.toThrow('surrogate');
  });

  it('refuses any flipped bit: format, key id, nonce, text and tag', async () => {
    const sealed = await crypto.seal(PHONE, HERE, '13800001234');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const bent = Buffer.from(sealed);
      bent.writeUInt8((bent[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      expect(await refusal(crypto.open(PHONE, HERE, bent))).toBe('crypto.tampered');
    }
    expect(await metrics.text()).toMatch(/tongchou_crypto_refused_total\{field="person.phone"\} \d{3}/);
  });

  it('refuses a value copied to another row or another column', async () => {
    const sealed = await crypto.seal(PHONE, HERE, '13800001234');
    await fc.assert(
      fc.asyncProperty(fc.uuid(), async (row) => {
        expect(await refusal(crypto.open(PHONE, row, sealed))).toBe('crypto.tampered');
      }),
    );
    expect(await refusal(crypto.open(MASK, HERE, sealed))).toBe('crypto.tampered');
    expect(await crypto.open(PHONE, HERE.toUpperCase(), sealed)).toBe('13800001234');
  });

  it('has a compact form: three bytes in front, a nonce, whole blocks, a tag', async () => {
    const sealed = await crypto.seal(PHONE, HERE, '13800001234');
    const person = keys.find((key) => key.purpose === 'person');
    expect([sealed.length, sealed[0], sealed.readUInt16BE(1)]).toEqual([3 + 16 + 16 + 32, 1, person?.id]);
  });
});

describe('a blind index', () => {
  it('is the same for the same text and differs for another, of the same key', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (one, other) => {
        const [first] = await crypto.indexesOf(INDEX, one);
        const [again] = await crypto.indexesOf(INDEX, one);
        const [second] = await crypto.indexesOf(INDEX, other);
        expect(first).toEqual(again);
        expect(first?.equals(second as Buffer)).toBe(one === other);
      }),
    );
  });

  it('holds the key id and 16 bytes that say nothing of the text', async () => {
    const [index] = await crypto.indexesOf(INDEX, '01 331102198005050013');
    expect([index?.length, index?.readUInt16BE(0)]).toEqual([18, keys.find((key) => key.use === 'index')?.id]);
    expect(index?.toString('latin1')).not.toContain('331102');
  });
});

describe('a key file', () => {
  const good = {
    format: 'tongchou field keys 1',
    keys: JSON.parse(formatKeys(keys)).keys as Record<string, unknown>[],
  };
  const bent = (change: object, at = 0): string =>
    JSON.stringify({ ...good, keys: good.keys.map((key, place) => (place === at ? { ...key, ...change } : key)) });

  it('reads back as it was written', () => {
    expect(parseKeys(formatKeys(keys), 'the file', provider)).toEqual(keys);
  });

  it.each([
    ['no JSON', 'keys: none', 'it is not JSON'],
    ['another format', '{"format":"x","keys":[]}', 'it is not of the format'],
    [
      'a short key',
      bent({ material: Buffer.alloc(16, 'abcdefghijklmnop').toString('base64url') }),
      'a key has 32 bytes',
    ],
    ['an empty key', bent({ material: '' }), 'is not base64'],
    ['an example of a key', bent({ material: Buffer.alloc(32, 'example').toString('base64url') }), 'made at random'],
    ['the same key twice', bent({ material: good.keys[1]?.['material'] }), 'one material is given twice'],
    ['an id twice', bent({ id: 2 }), 'an id is given twice'],
    ['an id of three bytes', bent({ id: 70_000 }), 'no id from 1 to 65535'],
    ['an unknown purpose', bent({ purpose: 'weather' }), 'unknown purpose'],
    ['an unknown use', bent({ use: 'sign' }), 'neither data nor index'],
  ])('with %s is refused in one sentence that names it', (_, content, reason) => {
    expect(() => parseKeys(content, '/data/field-keys.json', provider)).toThrow(
      new RegExp(`^/data/field-keys.json holds no usable field keys: .*${reason}`),
    );
  });
});
