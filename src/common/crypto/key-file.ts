import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CryptoProvider } from './crypto-provider.js';

/** What data keys are for; each has a key of its own, so that one of them can be taken away or replaced. */
export const DATA_PURPOSES = ['person', 'payee', 'second-factor'] as const;
/** Kinds of blind index. */
export const INDEX_PURPOSES = ['certificate'] as const;

export type DataPurpose = (typeof DATA_PURPOSES)[number];
export type IndexPurpose = (typeof INDEX_PURPOSES)[number];
export type KeyUse = 'data' | 'index';

/** A key of the file. Its id is written into everything it seals and is never given to another key. */
export interface FieldKey {
  readonly id: number;
  readonly use: KeyUse;
  readonly purpose: string;
  readonly version: number;
  readonly material: Buffer;
}

/** The keys cannot be used; the message says in one sentence why, and names the file. */
export class KeyFault extends Error {
  override readonly name = 'KeyFault';
}

const FORMAT = 'tongchou field keys 1';
const HIGHEST_ID = 0xffff;
const OWNER_ONLY = 0o600;
const PURPOSES: Readonly<Record<KeyUse, readonly string[]>> = { data: DATA_PURPOSES, index: INDEX_PURPOSES };
const BASE64 = /^[A-Za-z0-9_-]+={0,2}$/;

/** Every use and purpose that needs a key. */
export function neededKeys(): { readonly use: KeyUse; readonly purpose: string }[] {
  return (['data', 'index'] as const).flatMap((use) => PURPOSES[use].map((purpose) => ({ use, purpose })));
}

/** A first key for everything that needs one. */
export function makeKeys(provider: CryptoProvider): FieldKey[] {
  return neededKeys().map((need, at) => ({ ...need, id: at + 1, version: 1, material: provider.newMaterial() }));
}

/** The keys and one more: the next version of a use and purpose. */
export function withNewVersion(
  provider: CryptoProvider,
  keys: readonly FieldKey[],
  need: { readonly use: KeyUse; readonly purpose: string },
): { readonly keys: readonly FieldKey[]; readonly made: FieldKey } {
  const versions = keys.filter((key) => key.use === need.use && key.purpose === need.purpose);
  const made: FieldKey = {
    ...need,
    id: Math.max(0, ...keys.map((key) => key.id)) + 1,
    version: Math.max(0, ...versions.map((key) => key.version)) + 1,
    material: provider.newMaterial(),
  };
  return { keys: [...keys, made], made };
}

export function formatKeys(keys: readonly FieldKey[]): string {
  const shown = keys.map(({ material, ...key }) => ({ ...key, material: material.toString('base64url') }));
  return `${JSON.stringify({ format: FORMAT, keys: shown }, null, 2)}\n`;
}

/**
 * Reads and checks the text of a key file: known uses and purposes, ids and versions given once, every material a key, none
 * of them used twice.
 * @param name the file, or the setting that held the text; stands in every message
 * @throws KeyFault
 */
export function parseKeys(text: string, name: string, provider: CryptoProvider): FieldKey[] {
  const fail = (reason: string): never => {
    throw new KeyFault(`${name} holds no usable field keys: ${reason}.`);
  };
  const keys = rawKeys(text, fail).map((raw) => keyOf(raw, provider, fail));
  const unique = (what: string, of: (key: FieldKey) => string): void => {
    if (new Set(keys.map(of)).size !== keys.length) fail(`${what} is given twice`);
  };
  unique('an id', (key) => String(key.id));
  unique('a version', (key) => `${key.use} ${key.purpose} ${String(key.version)}`);
  unique('one material', (key) => key.material.toString('hex'));
  return keys;
}

function rawKeys(text: string, fail: (reason: string) => never): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    fail('it is not JSON');
  }
  const { format, keys } = (value ?? {}) as { format?: unknown; keys?: unknown };
  if (format !== FORMAT || !Array.isArray(keys)) fail(`it is not of the format "${FORMAT}"`);
  return keys as unknown[];
}

function keyOf(raw: unknown, provider: CryptoProvider, fail: (reason: string) => never): FieldKey {
  const { id, use, purpose, version, material } = (raw ?? {}) as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > HIGHEST_ID) {
    return fail('a key has no id from 1 to 65535');
  }
  if (use !== 'data' && use !== 'index') return fail(`key ${String(id)} is for neither data nor index`);
  if (typeof purpose !== 'string' || !PURPOSES[use].includes(purpose)) {
    return fail(`key ${String(id)} has an unknown purpose`);
  }
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return fail(`key ${String(id)} has no version`);
  }
  if (typeof material !== 'string' || !BASE64.test(material)) return fail(`key ${String(id)} is not base64`);
  const bytes = Buffer.from(material, 'base64url');
  try {
    provider.accept(bytes);
  } catch (error) {
    return fail(`key ${String(id)}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { id, use, purpose, version, material: bytes };
}

/** Where the keys come from: a file, or a setting that holds its text. */
export interface KeySource {
  /** Named in messages. */
  readonly name: string;
  /** Changes when the content may have changed. */
  stamp(): Promise<string>;
  /** The text; undefined when there is no such file. */
  read(): Promise<string | undefined>;
  /** Writes the first text, unless another process did so first. */
  create(text: string): Promise<void>;
  /** Puts another text in its place, whole or not at all. */
  replace(text: string): Promise<void>;
}

/** Keys that lie in a file, readable by its owner only. All processes of one database read the same file. */
export function fileSource(path: string): KeySource {
  const draft = async (text: string): Promise<string> => {
    await mkdir(dirname(path), { recursive: true });
    const name = `${path}.${String(process.pid)}.${String(process.hrtime.bigint())}`;
    await writeFile(name, text, { mode: OWNER_ONLY, flush: true });
    await chmod(name, OWNER_ONLY);
    return name;
  };
  return {
    name: path,
    async stamp() {
      const found = await stat(path, { bigint: true }).catch(absent);
      return found === undefined ? 'absent' : `${String(found.mtimeNs)}:${String(found.size)}:${String(found.ino)}`;
    },
    read: () => readFile(path, 'utf8').catch(absent),
    // Written under another name and linked: of two processes that start at once one wins, and nobody reads half a file.
    async create(text) {
      const name = await draft(text);
      try {
        await link(name, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        await rm(name);
      }
    },
    async replace(text) {
      await rename(await draft(text), path);
    },
  };
}

/** Keys that came in a setting, for platforms that hand secrets over so; they change with a restart only. */
export function textSource(setting: string, text: string): KeySource {
  const refuse = (): Promise<never> =>
    Promise.reject(new KeyFault(`The keys of the setting ${setting} can be changed where it is set only.`));
  return {
    name: `the setting ${setting}`,
    stamp: () => Promise.resolve('setting'),
    read: () => Promise.resolve(text),
    create: refuse,
    replace: refuse,
  };
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
