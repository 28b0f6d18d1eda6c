import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');

/** The promises that `npm run faults -- --short` looks at, in small; the full figures are those of docs/faults.md. */
const NAMES = [
  'settlement-faults',
  'advance-faults',
  'clearing-faults',
  'twin-settlement',
  'twin-advance',
  'server-kills',
  'postgres-kills',
  'oversized',
  'long-bill',
  'pool',
  'month-end',
  'money',
  'secrets',
  'build',
  'failpoints',
];

let printed = '';

beforeAll(async () => {
  printed = await faults(['--short']);
}, 900_000);

function faults(args: readonly string[]): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['scripts/faults.mjs', ...args], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => {
      done(text);
    });
  });
}

/** The line of a promise, with its notes. */
function lineOf(name: string): string {
  const lines = printed.split('\n');
  const start = lines.findIndex((line) => line.slice(6).startsWith(`${name} `));
  if (start === -1) return `no line of ${name}:\n${printed.slice(-2000)}`;
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('        '));
  return lines.slice(start, end).join('\n');
}

describe('the promises as figures, in small', () => {
  it.each(NAMES)('%s is kept', (name) => {
    expect(lineOf(name)).toMatch(/^ok /);
  });

  it('are all looked at', () => {
    const names = printed.split('\n').flatMap((line) => /^(?:ok|MISS|n\/a) +([\w-]+) /.exec(line)?.[1] ?? []);
    expect(names.sort()).toEqual([...NAMES].sort());
  });
});

describe('the command', () => {
  it('lists its promises, and refuses a seed that is none', async () => {
    expect(await faults(['--list'])).toContain('postgres-kills');
    expect(await faults(['--short', '--seed', 'x'])).toContain('--seed takes a whole number');
  }, 60_000);
});
