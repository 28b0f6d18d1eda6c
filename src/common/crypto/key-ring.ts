import type { CryptoProvider, DataKey, IndexKey } from './crypto-provider.js';
import {
  type FieldKey,
  formatKeys,
  KeyFault,
  type KeySource,
  type KeyUse,
  makeKeys,
  neededKeys,
  parseKeys,
} from './key-file.js';
import { type Queries, type RegisteredKey, registeredKeys, registerKey } from './key-register.js';

/** How often a process looks whether the file has changed, at most. */
const LOOK_AGAIN_MS = 1_000;

/** A key as it is used: its id and what it can do. */
export interface Held<K> {
  readonly id: number;
  readonly key: K;
}

/** Runs a piece of work with a connection. */
export type WithQueries = <T>(work: (queries: Queries) => Promise<T>) => Promise<T>;

interface Loaded {
  readonly stamp: string;
  readonly keys: readonly FieldKey[];
  readonly register: readonly RegisteredKey[];
  readonly data: ReadonlyMap<number, DataKey>;
  readonly index: ReadonlyMap<number, IndexKey>;
}

/**
 * The keys this process holds. The file says what they are, the database which of them are in use: before anything is sealed
 * or opened each key is held against the check value that the database has of it, and a key that is missing or another one
 * stops the process.
 */
export class KeyRing {
  private loaded: Loaded | undefined;
  private lookedAt = 0;

  constructor(
    private readonly provider: CryptoProvider,
    private readonly source: KeySource,
    private readonly withQueries: WithQueries,
  ) {}

  /** Which file or setting the keys come from, for messages. */
  get sourceName(): string {
    return this.source.name;
  }

  /**
   * Loads the keys, makes a file where none is needed for data that exist, and checks them.
   * @returns false where the database has no schema for them yet: then nothing can be sealed either
   * @throws KeyFault in one sentence
   */
  async load(): Promise<boolean> {
    this.loaded = await this.withQueries((queries) => this.loadWith(queries));
    this.lookedAt = Date.now();
    return this.loaded !== undefined;
  }

  /** The key that seals for a purpose now. */
  async sealing(purpose: string): Promise<Held<DataKey>> {
    const { register, data } = await this.fresh();
    return this.held(register, data, 'data', purpose);
  }

  /** The key of an id, whatever its version; undefined when nobody has it. */
  async opening(id: number): Promise<DataKey | undefined> {
    const { data } = await this.fresh();
    return data.get(id) ?? (await this.fresh(0)).data.get(id);
  }

  /** The index key of an id. A key that was made by another process a moment ago is read from the file. */
  async indexing(id: number): Promise<Held<IndexKey>> {
    const key = (await this.fresh()).index.get(id) ?? (await this.fresh(0)).index.get(id);
    if (key === undefined) throw new KeyFault(`${this.source.name} lacks index key ${String(id)}; restart the server.`);
    return { id, key };
  }

  /** Every index key under which a row can still stand. */
  async finding(purpose: string): Promise<Held<IndexKey>[]> {
    const { register, index } = await this.fresh();
    const rows = register.filter((row) => row.use === 'index' && row.purpose === purpose && row.state !== 'retired');
    return rows.flatMap(({ id }) => {
      const key = index.get(id);
      return key === undefined ? [] : [{ id, key }];
    });
  }

  /** The keys of the file and what the database knows of them; for the commands that look after keys. */
  async inventory(): Promise<{ readonly keys: readonly FieldKey[]; readonly register: readonly RegisteredKey[] }> {
    await this.load();
    return this.fresh();
  }

  private held<K>(
    register: readonly RegisteredKey[],
    keys: ReadonlyMap<number, K>,
    use: KeyUse,
    purpose: string,
  ): Held<K> {
    const row = register.find((known) => known.use === use && known.purpose === purpose && known.state === 'current');
    const key = row === undefined ? undefined : keys.get(row.id);
    if (row === undefined || key === undefined) {
      throw new KeyFault(`${this.source.name} lacks the ${use} key for ${purpose}.`);
    }
    return { id: row.id, key };
  }

  private async fresh(lookAgainMs = LOOK_AGAIN_MS): Promise<Loaded> {
    if (this.loaded === undefined || Date.now() - this.lookedAt >= lookAgainMs) {
      this.lookedAt = Date.now();
      const stamp = await this.source.stamp();
      if (this.loaded?.stamp !== stamp) await this.load();
    }
    if (this.loaded === undefined) throw new KeyFault('The database has no schema for encrypted fields; migrate it.');
    return this.loaded;
  }

  private async loadWith(queries: Queries): Promise<Loaded | undefined> {
    const before = await registeredKeys(queries);
    if (before === undefined) return undefined;
    const stamp = await this.source.stamp();
    const keys = parseKeys(await this.text(before.length > 0), this.source.name, this.provider);
    const register = await this.registerNew(queries, keys, before);
    await this.check(keys, register);
    const bound = <K>(use: KeyUse, bind: (material: Buffer) => K): Map<number, K> =>
      new Map(keys.filter((key) => key.use === use).map((key) => [key.id, bind(key.material)]));
    return {
      stamp: stamp === 'absent' ? await this.source.stamp() : stamp,
      keys,
      register,
      data: bound('data', (material) => this.provider.dataKey(material)),
      index: bound('index', (material) => this.provider.indexKey(material)),
    };
  }

  private async text(inUse: boolean): Promise<string> {
    const text = await this.source.read();
    if (text !== undefined) return text;
    if (inUse) {
      throw new KeyFault(
        `The field keys ${this.source.name} are missing: put the file back from its backup, without it the identity ` +
          'numbers, telephone numbers and bank accounts of this database cannot be read by anybody.',
      );
    }
    await this.source.create(formatKeys(makeKeys(this.provider)));
    return (await this.source.read()) ?? '';
  }

  /** A use and purpose of which the database knows no key yet takes the newest of the file. */
  private async registerNew(
    queries: Queries,
    keys: readonly FieldKey[],
    before: readonly RegisteredKey[],
  ): Promise<readonly RegisteredKey[]> {
    const open = neededKeys().filter(
      (need) => !before.some((row) => row.use === need.use && row.purpose === need.purpose),
    );
    if (open.length === 0) return before;
    for (const need of open) {
      const versions = keys.filter((key) => key.use === need.use && key.purpose === need.purpose);
      const newest = versions.sort((one, other) => other.version - one.version)[0];
      if (newest === undefined) {
        throw new KeyFault(`${this.source.name} lacks the ${need.use} key for ${need.purpose}.`);
      }
      await registerKey(queries, newest, await this.provider.checkValue(newest.material));
    }
    return (await registeredKeys(queries)) ?? [];
  }

  private async check(keys: readonly FieldKey[], register: readonly RegisteredKey[]): Promise<void> {
    for (const row of register) {
      const key = keys.find((candidate) => candidate.id === row.id);
      if (key === undefined && row.state === 'retired') continue;
      const name = `${row.use} key ${String(row.id)} (${row.purpose}, version ${String(row.version)})`;
      if (key === undefined) {
        throw new KeyFault(`${this.source.name} lacks ${name}, with which data of this database are encrypted.`);
      }
      const value = await this.provider.checkValue(key.material);
      const same = key.use === row.use && key.purpose === row.purpose && value.equals(row.checkValue);
      if (!same) {
        throw new KeyFault(`${this.source.name} belongs to another database: its ${name} is not the one used here.`);
      }
    }
  }
}
