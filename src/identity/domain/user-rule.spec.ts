import { describe, expect, it } from '@jest/globals';
import { AccessPolicy } from './access-policy.js';
import { systemActor } from './actor.js';
import { isAcceptablePassword } from './password-rule.js';
import { coversArea, refuseRoles } from './user-rule.js';

const role = (code: string) => ({ code, zh: code, en: code });
const policy = new AccessPolicy(['clerk', 'reviewer', 'inspector', 'provider'].map(role), [], [['clerk', 'reviewer']]);
const HOSPITAL = '01900000-0000-7000-8000-00000000a001';

describe('roles of a user', () => {
  it.each([
    [['clerk'], null, undefined],
    [['clerk', 'inspector'], null, undefined],
    [[], null, undefined],
    [['provider'], HOSPITAL, undefined],
    [['boss'], null, { why: 'unknown', role: 'boss' }],
    [['reviewer', 'clerk'], null, { why: 'exclusive', one: 'clerk', other: 'reviewer' }],
    [['provider'], null, { why: 'provider' }],
    [['clerk'], HOSPITAL, { why: 'provider' }],
  ])('%j for provider %s: %j', (roles, providerId, refusal) => {
    expect(refuseRoles(policy, roles, providerId)).toEqual(refusal);
  });
});

describe('the area of a user', () => {
  const pool = systemActor('331100');
  const county = { ...pool, areaCodes: ['331102'], wholePool: false };
  it.each([
    [pool, '331100', true],
    [pool, '331121', true],
    [pool, '331121001', true],
    [pool, '330100', false],
    [county, '331102', true],
    [county, '331102001', true],
    [county, '331121', false],
    [county, '331100', false],
  ])('%# %s', (actor, area, covered) => {
    expect([actor.areaCodes, area, coversArea(actor, area)]).toEqual([actor.areaCodes, area, covered]);
  });
});

describe('a password', () => {
  it.each([
    'correct horse battery staple',
    '十二个以上的汉字也可以作为密码',
    'x'.repeat(3) + ' yes, 64 characters and more are welcome, spaces too, why not 😀',
    'Nadel-im-Heu-1887',
  ])('may be %s', (password) => {
    expect(isAcceptablePassword(password, 'clerk')).toBe(true);
  });

  it.each([
    ['too short', 'abc-def-123'],
    ['too long', 'ab3-'.repeat(33)],
    ['the user name with something around', 'my-CLERK-2026!'],
    ['one character', 'aaaaaaaaaaaaaaaa'],
    ['a run of digits', '123456789012'],
    ['a run backwards', '987654321098'],
    ['a run of letters', 'abcdefghijklm'],
    ['a common word with digits', 'password1234'],
    ['a common word twice', 'PasswordPassword'],
    ['a row of keys', 'qwertyuiop123'],
  ])('may not be %s', (_name, password) => {
    expect(isAcceptablePassword(password, 'clerk')).toBe(false);
  });
});
