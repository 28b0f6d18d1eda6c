import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Settings } from './settings.js';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Of the test runner and of the demonstration; the manual of a bureau does not speak of them. */
const NOT_FOR_A_BUREAU = new Set(['NODE_ENV', 'CI', 'DEMO_PASSWORD', 'DEMO_SEED', 'DEMO_SCALE', 'TZ']);

/** Every variable that the settings look at when nothing is set. */
function readBySettings(): Set<string> {
  const asked = new Set<string>();
  const env = new Proxy(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  new Settings(env);
  return asked;
}

function readElsewhere(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) => [...readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(/process\.env\['([A-Z_]+)'\]/g)])
    .map(([, name]) => name ?? '')
    .filter((name) => !NOT_FOR_A_BUREAU.has(name));
}

function tableOf(file: string): string[] {
  const text = readFileSync(join(ROOT, 'docs', file), 'utf8');
  return [...text.matchAll(/^\| `([A-Z][A-Z_]+)`[ †]*\|/gm)].map(([, name]) => name ?? '');
}

describe('the table of settings', () => {
  it.each(['operations.md', 'operations.zh-CN.md'])('in %s names every variable that is read, and no other', (file) => {
    const read = new Set([...readBySettings(), ...readElsewhere()]);
    expect(tableOf(file).sort()).toEqual([...read].sort());
  });
});

describe('a secret', () => {
  it('may be given in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    try {
      const file = join(folder, 'url');
      writeFileSync(file, 'postgres://one@two/three\n');
      const settings = new Settings({ DATABASE_URL_FILE: file });
      expect([settings.databaseUrl, settings.ownerDatabaseUrl]).toEqual([
        'postgres://one@two/three',
        'postgres://one@two/three',
      ]);
      expect(() => new Settings({ DATABASE_URL_FILE: file, DATABASE_URL: 'x' })).toThrow('not both');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of the owner is told apart from the server’s', () => {
    const settings = new Settings({
      DATABASE_URL: 'postgres://server@h/d',
      MIGRATE_DATABASE_URL: 'postgres://owner@h/d',
    });
    expect([settings.databaseUrl, settings.ownerDatabaseUrl]).toEqual([
      'postgres://server@h/d',
      'postgres://owner@h/d',
    ]);
  });
});

it.each(['-0.1', '1.1', 'half'])('a share of traces is a number from 0 to 1, not %s', (text) => {
  expect(() => new Settings({ OTEL_TRACES_SAMPLER_ARG: text })).toThrow('OTEL_TRACES_SAMPLER_ARG');
});
