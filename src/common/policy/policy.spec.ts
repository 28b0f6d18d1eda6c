import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseLocalDate } from '../time/index.js';
import {
  canonicalJson,
  firstOverlap,
  inForce,
  overlay,
  parsePolicyYaml,
  policyVersion,
  readPolicies,
} from './index.js';

const day = parseLocalDate;
const dated = (from: string, to: string | null, value: string) => ({
  from: day(from),
  to: to === null ? null : day(to),
  value,
});

describe('dated values', () => {
  const steps = [dated('2024-01-01', '2024-07-01', 'first'), dated('2024-07-01', null, 'second')];

  it.each([
    ['2023-12-31', undefined],
    ['2024-01-01', 'first'],
    ['2024-06-30', 'first'],
    ['2024-07-01', 'second'],
    ['2099-01-01', 'second'],
  ])('on %s: %s', (on, value) => {
    expect(inForce(steps, day(on))).toBe(value);
  });

  it('the one that began last wins where two overlap, and the overlap can be found', () => {
    const overlapping = [dated('2024-01-01', null, 'old'), dated('2025-01-01', null, 'new')];
    expect(inForce(overlapping, day('2025-01-01'))).toBe('new');
    expect(inForce([...overlapping].reverse(), day('2025-01-01'))).toBe('new');
    expect(firstOverlap(overlapping)?.map(({ value }) => value)).toEqual(['old', 'new']);
    expect(firstOverlap(steps)).toBeUndefined();
  });
});

describe('versions', () => {
  it('depend on the content only', () => {
    const document = { b: [1, { d: null, c: '统筹' }], a: true };
    expect(canonicalJson(document)).toBe('{"a":true,"b":[1,{"c":"统筹","d":null}]}');
    expect(policyVersion('x', { a: 1, b: 2 })).toBe(policyVersion('x', { b: 2, a: 1 }));
    expect(policyVersion('x', { a: 1 })).not.toBe(policyVersion('x', { a: '1' }));
  });
});

describe('a policy that extends another', () => {
  it('merges objects, replaces lists, and null removes', () => {
    expect(
      overlay({ a: { x: 1, y: 2 }, list: [1, 2], gone: 1 }, { a: { y: 3 }, list: [9], gone: null, more: { z: 1 } }),
    ).toEqual({ a: { x: 1, y: 3 }, list: [9], more: { z: 1 } });
  });

  it('cannot be tricked into changing the prototype of objects', () => {
    const merged = overlay({}, parsePolicyYaml('__proto__: { polluted: true }', 'a.yaml'));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

describe('a policy folder', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'id', 'rate'],
    properties: {
      kind: { const: 'test' },
      id: { type: 'string' },
      rate: { type: 'number' },
      words: { type: 'object' },
    },
  };
  let folder: string;
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policies-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const code = (expected: string) => expect.objectContaining({ code: `policy.${expected}` });

  it('gives the files of one kind, from all depths, completed and in order of their ids', () => {
    write('regions/1/b.yaml', 'kind: test\nid: b\nextends: a\nrate: 2');
    write('regions/2/a.yml', 'kind: test\nid: a\nrate: 1\nwords: { zh: 一 }');
    write('other.yaml', 'kind: other\nid: a\nanything: goes');
    write('no-policy.yaml', '- just\n- a list');
    write('notes.txt', 'kind: test');
    const found = readPolicies<{ rate: number; words: object }>(folder, 'test', schema);
    expect(found.map(({ id, document }) => [id, document.rate, document.words])).toEqual([
      ['a', 1, { zh: '一' }],
      ['b', 2, { zh: '一' }],
    ]);
    expect(found[1]?.file).toBe(join('regions', '1', 'b.yaml'));
  });

  it('changes the version of what extends a file when that file changes', () => {
    write('a.yaml', 'kind: test\nid: a\nrate: 1\nwords: { zh: 一 }');
    write('b.yaml', 'kind: test\nid: b\nextends: a\nrate: 2');
    const version = () => readPolicies(folder, 'test', schema)[1]?.version;
    const before = version();
    write('a.yaml', 'kind: test\nid: a\nrate: 1\nwords: { zh: 二 }');
    expect(version()).not.toBe(before);
  });

  it.each([
    [
      'the same id twice',
      { 'a.yaml': 'kind: test\nid: a\nrate: 1', 'b.yaml': 'kind: test\nid: a\nrate: 2' },
      'duplicate-id',
    ],
    [
      'a base that leads back',
      { 'a.yaml': 'kind: test\nid: a\nextends: b', 'b.yaml': 'kind: test\nid: b\nextends: a' },
      'unknown-base',
    ],
    ['a key written twice', { 'a.yaml': 'kind: test\nid: a\nrate: 1\nrate: 2' }, 'unreadable'],
    ['what the schema does not know', { 'a.yaml': 'kind: test\nid: a\nrate: 1\nextra: 1' }, 'malformed'],
  ])('refuses %s', (_, files, expected) => {
    for (const [file, text] of Object.entries(files)) write(file, text);
    expect(() => readPolicies(folder, 'test', schema)).toThrow(code(expected));
  });

  it('refuses a folder that is not there', () => {
    expect(() => readPolicies(join(folder, 'missing'), 'test', schema)).toThrow(code('unreadable'));
  });
});
