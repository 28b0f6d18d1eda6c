import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { configureLogger, mask } from './index.js';

describe('what a log never shows', () => {
  it.each([
    ['331102198005050014', '331102********0014'],
    ['证件33110219800505001X。', '证件331102********001X。'],
    ['id331102198005050014id', 'id331102********0014id'],
    ['idNo_331102198005050014_', 'idNo_331102********0014_'],
    ['331102800505001', '331102******001'],
    ['tel13800001234', 'tel138****1234'],
    ['account 6222020200112233445', 'account ************3445'],
    ['a Bearer abc.def-1', 'a Bearer [token]'],
    ['xeyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIx.abc_-9', 'x[token]'],
    ['refresh Zk3vQ9xYp2LmN8rTs4uVw6XyZa1Bc5De7Fg0Hi2Jk4L.', 'refresh [token].'],
    ['/x/xZk3vQ9xYp2LmN8rTs4uVw6XyZa1Bc5De7Fg0Hi2Jk4Lx', '/x/[token]'],
    ['postgres://app:secret@db:5432/x', 'postgres://app:[secret]@db:5432/x'],
    ['{"password":"open sesame","a":1}', '{"password":[secret],"a":1}'],
    ['otpauth://totp/x?secret=JBSWY3DPEHPK3PXP end', '[secret] end'],
    ['-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\nafter', '[key]\\nafter'],
    ['line one\r\nline two\ttab', 'line one\\r\\nline two\\ttab'],
    ['\u001b[31mred\u001b[0m \u009b31m\u0007', '\\u001b[31mred\\u001b[0m \\u009b31m\\u0007'],
    ['gnp.\u202etxt', 'gnp.\\u202etxt'],
  ])('%j', (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    'amount 7595.62, day 20261122, month 2026-11',
    'trace 0190a1b2-1380-7000-8000-013800001234',
    'trace 4bf92f3577b34da6a3ce13800001234f',
    'settlement of 雷小明 in 1.2 s',
    '/api/v1/institutions/0190a1b2-1380-7000-8000-013800001234/departments',
    'migration Ledger1700000000002',
  ])('leaves alone: %s', (text) => {
    expect(mask(text)).toBe(text);
  });

  it('whatever stands around it', () => {
    const around = fc.string({ unit: 'grapheme' }).filter((text) => !/\d/.test(text));
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(mask(`${before}331102198005050014${after}`)).not.toContain('19800505');
        expect(mask(`${before}13812345678${after}`)).not.toContain('13812345678');
      }),
    );
  });
});

describe('every way into the log', () => {
  const lines: string[] = [];
  const memory = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const secret = '331102198005050014';

  afterAll(() => {
    configureLogger('silent');
  });

  it('is masked: text, members, names of members, errors, lists, arguments, bytes', () => {
    const log = configureLogger('trace', memory);
    const error = Object.assign(new Error(`no ${secret}`), { detail: secret });
    log.info(`seen ${secret}`);
    log.info({ [secret]: secret, list: [{ deep: secret }], accessToken: 'abc', New_Password: 'pw', big: 1n }, 'x');
    log.info('with %s and %j', secret, { secret });
    log.error(error);
    log.error({ err: error, bytes: Buffer.from(secret) }, 'line\none');
    const text = lines.join('');
    expect(lines).toHaveLength(5);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
    expect(text).not.toContain('19800505');
    expect(text).not.toMatch(/"abc"|"pw"/);
    expect(text).toContain('no 331102********0014');
  });
});
