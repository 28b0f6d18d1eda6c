import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SoftwareProvider } from './software-provider.js';

const provider = new SoftwareProvider();
const key = provider.dataKey(provider.newMaterial());
const bound = Buffer.from('person.phone\0a');
const TRIES = { numRuns: 300 };

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sealOne = async (plain: Buffer, at = bound): Promise<Buffer> =>
  (await key.seal([{ plain, bound: at }]))[0] as Buffer;
const openOne = async (sealed: Buffer, at = bound): Promise<Buffer | undefined> =>
  (await key.open([{ sealed, bound: at }]))[0];

describe('the algorithms of node:crypto against published vectors', () => {
  it('SM3, GB/T 32905-2016 A.1', () => {
    const digest = createHash('sm3').update('abc').digest('hex');
    expect(digest).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
  });

  it('SM4, GB/T 32907-2016 A.1', () => {
    const block = hex('0123456789abcdeffedcba9876543210');
    const cipher = createCipheriv('sm4-ecb', block, null).setAutoPadding(false);
    expect(cipher.update(block, undefined, 'hex')).toBe('681edf34d206965e86b3e94f536e4246');
  });

  it.each([
    ['0123456789abcdeffedcba9876543210', '78ebb11cc40b0a48312aaeb2040244cb4cb7016951909226979b0d15dc6a8f6d'],
    ['fedcba98765432100123456789abcdef', '0d3a6ddc2d21c698857215587b7bb59a91f2c147911a4144665e1fa1d40bae38'],
  ])('SM4-CBC under %s, draft-ribose-cfrg-sm4 A.2.2', (cipherKey, expected) => {
    const nonce = hex('000102030405060708090a0b0c0d0e0f');
    const plain = hex('aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffaaaaaaaabbbbbbbb');
    const cipher = createCipheriv('sm4-cbc', hex(cipherKey), nonce).setAutoPadding(false);
    expect(cipher.update(plain, undefined, 'hex')).toBe(expected);
  });

  it.each([
    [
      32,
      Buffer.from('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'.repeat(2)),
      'ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a',
    ],
    [37, Buffer.alloc(50, 0xcd), '220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae'],
  ])('HMAC-SM3 with a key of %i bytes, GM/T 0042-2015 D.3', (bytes, text, expected) => {
    const macKey = Buffer.from(Array.from({ length: bytes }, (_, at) => at + 1));
    expect(createHmac('sm3', macKey).update(text).digest('hex')).toBe(expected);
  });
});

describe('what is sealed', () => {
  it('opens again, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const plain = Buffer.from(bytes);
        expect((await openOne(await sealOne(plain)))?.equals(plain)).toBe(true);
      }),
      TRIES,
    );
  });

  it('is refused after the change of any single bit', async () => {
    const sealed = await sealOne(Buffer.from('331102198005050013'));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const bent = Buffer.from(sealed);
      bent.writeUInt8((bent[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
      expect(await openOne(bent)).toBeUndefined();
    }
  });

  it('is refused when it is cut short, made longer or empty', async () => {
    const sealed = await sealOne(Buffer.from('13800001234'));
    for (let length = 0; length < sealed.length; length += 1) {
      expect(await openOne(sealed.subarray(0, length))).toBeUndefined();
    }
    expect(await openOne(Buffer.concat([sealed, Buffer.alloc(16)]))).toBeUndefined();
  });

  it('is refused in any other place, and by any other key', async () => {
    const sealed = await sealOne(Buffer.from('13800001234'));
    const stranger = provider.dataKey(provider.newMaterial());
    expect(await stranger.open([{ sealed, bound }])).toEqual([undefined]);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (place) => {
        const elsewhere = Buffer.from(place);
        fc.pre(!elsewhere.equals(bound));
        expect(await openOne(sealed, elsewhere)).toBeUndefined();
      }),
      TRIES,
    );
  });

  it('no byte can change sides between the place and the text', async () => {
    const sealed = await sealOne(Buffer.from('x'), Buffer.from('ab'));
    const moved = Buffer.concat([Buffer.from('b'), sealed]);
    expect(await openOne(moved, Buffer.from('a'))).toBeUndefined();
    expect(
      await openOne(sealed.subarray(1), Buffer.concat([Buffer.from('ab'), sealed.subarray(0, 1)])),
    ).toBeUndefined();
  });

  it('never looks the same twice: 20 000 seals of one text have 20 000 nonces', async () => {
    const items = Array.from({ length: 20_000 }, () => ({ plain: Buffer.from('13800001234'), bound }));
    const nonces = (await key.seal(items)).map((sealed) => sealed.subarray(0, 16).toString('hex'));
    expect(new Set(nonces).size).toBe(items.length);
  });
});

describe('key material', () => {
  it.each([
    ['16 bytes', Buffer.alloc(16, 'abcdefghijklmnop')],
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(32)],
    ['a repeated word', Buffer.from('tongchoutongchoutongchoutongchou')],
    ['0, 1, 2 …', Buffer.from(Array.from({ length: 32 }, (_, at) => at))],
    ['the key of the published vectors', hex('0123456789abcdeffedcba9876543210'.repeat(2))],
  ])('of %s is refused', (_, material) => {
    expect(() => {
      provider.accept(material);
    }).toThrow(/a key/);
  });

  it('made at random is accepted, a thousand times', () => {
    for (let count = 0; count < 1000; count += 1) {
      expect(() => {
        provider.accept(provider.newMaterial());
      }).not.toThrow();
    }
  });

  it('is recognised by its check value, which differs for another key', async () => {
    const material = provider.newMaterial();
    expect(await provider.checkValue(material)).toEqual(await provider.checkValue(Buffer.from(material)));
    expect(await provider.checkValue(material)).not.toEqual(await provider.checkValue(provider.newMaterial()));
  });
});
