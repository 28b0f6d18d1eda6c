import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openOffice, type Office } from './office.js';

/** F24: a text comes back exactly as it was sent, or is refused – nothing is altered on the way in, in the database or out. */
let office: Office;
let admin: string;
let userId: string;

beforeAll(async () => {
  office = await openOffice();
  admin = await office.tokenOf('admin');
  const { body } = await office.call('get', '/api/v1/users', admin).expect(200);
  userId = String((body.items as { id: string; username: string }[]).find(({ username }) => username === 'clerk')?.id);
}, 120_000);

afterAll(async () => {
  await office.close();
});

const path = () => `/api/v1/users/${userId}`;

async function version(): Promise<number> {
  return Number((await office.call('get', path(), admin).expect(200)).body.version);
}

/** One assigned character of every block of Han characters up to Extension H, then other scripts and signs. */
const TEXTS: readonly [string, string][] = [
  ['Ext. A 䶮', '䶮'],
  ['Ext. B 𠮷', '𠮷野家'],
  ['Ext. C', '\u{2A700}'],
  ['Ext. D', '\u{2B740}'],
  ['Ext. E', '\u{2B820}'],
  ['Ext. F', '\u{2CEB0}'],
  ['Ext. G', '\u{30000}'],
  ['Ext. H', '\u{31350}'],
  ['a compatibility character', '\uF900'],
  ['a private-use character', '\uE000'],
  ['the middle dot of a minority name', '阿卜杜拉·买买提'],
  ['Tibetan', 'བོད་སྐད་'],
  ['Uyghur, right to left', 'ئۇيغۇر'],
  ['a composed letter', 'é'],
  ['the same letter decomposed', 'e\u0301'],
  ['a right-to-left override', 'a\u202Eb'],
  ['a zero-width joiner', '👩‍⚕️'],
  ['a variation selector', '葛\u{E0100}'],
  ['the replacement character itself', '\uFFFD'],
  ['quotes, backslash, percent', `'"\\%_;--`],
  ['markup', '<b onmouseover=alert(1)>x</b>'],
  ['full-width digits', '１２３'],
];

describe('a text', () => {
  it.each(TEXTS)('%s comes back exactly', async (_name, displayName) => {
    const sent = await office
      .call('patch', path(), admin)
      .send({ displayName, version: await version() })
      .expect(200);
    expect(sent.body.displayName).toBe(displayName);
    const { body } = await office.call('get', path(), admin).expect(200);
    expect(body.displayName).toBe(displayName);
    const [row] = await office.database.query<{ display_name: string }>(
      'SELECT display_name FROM app_user WHERE id = $1',
      [userId],
    );
    expect(row?.display_name).toBe(displayName);
  });

  it('of 60 characters outside the basic plane counts as 60, not as 120', async () => {
    const displayName = '𠮷'.repeat(60);
    await office
      .call('patch', path(), admin)
      .send({ displayName, version: await version() })
      .expect(200);
    await office
      .call('patch', path(), admin)
      .send({ displayName: `${displayName}𠮷`, version: await version() })
      .expect(400);
  });

  it.each([
    ['NUL', Buffer.from('"a\\u0000b"'), 'http.json-bad-character'],
    ['a lone high surrogate', Buffer.from('"a\\ud842b"'), 'http.json-bad-character'],
    ['a lone low surrogate', Buffer.from('"a\\udfb7b"'), 'http.json-bad-character'],
    ['GBK bytes', Buffer.from([0x22, 0xc0, 0xee, 0xcb, 0xc4, 0x22]), 'http.not-utf8'],
    [
      'a surrogate written in UTF-8 (CESU-8)',
      Buffer.from([0x22, 0xed, 0xa1, 0x82, 0xed, 0xbe, 0xb7, 0x22]),
      'http.not-utf8',
    ],
    ['half a character', Buffer.from([0x22, 0xe4, 0xb8, 0x22]), 'http.not-utf8'],
  ])('with %s is refused and changes nothing', async (_name, quoted, code) => {
    const before = (await office.call('get', path(), admin).expect(200)).body;
    const body = Buffer.concat([
      Buffer.from('{"displayName":'),
      quoted,
      Buffer.from(`,"version":${String(before.version)}}`),
    ]);
    const answer = await patchBytes(body);
    expect([answer.status, answer.code]).toEqual([400, code]);
    expect((await office.call('get', path(), admin).expect(200)).body).toEqual(before);
  });
});

function patchBytes(body: Buffer): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${admin}`,
      'content-type': 'application/json',
      'content-length': String(body.length),
    };
    const sent = httpRequest(`${office.baseUrl}${path()}`, { method: 'PATCH', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, code: (JSON.parse(text) as { code: string }).code });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
