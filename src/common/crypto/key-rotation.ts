import { Injectable } from '@nestjs/common';
import { type Tx, Transactions } from '../db/index.js';
import { CryptoProvider } from './crypto-provider.js';
import { blindIndexes, type BlindIndex, encryptedFields, type EncryptedField } from './encrypted-fields.js';
import { FieldCrypto } from './field-crypto.js';
import {
  countByKey,
  indexedRows,
  replaceIndexes,
  replaceSealed,
  type RowSpan,
  sealedRows,
  spansOf,
} from './field-rows.js';
import { type FieldKey, formatKeys, type KeySource, neededKeys, withNewVersion } from './key-file.js';
import { type RegisteredKey, registeredKeys, replaceCurrentKey } from './key-register.js';
import { KeyRing } from './key-ring.js';

/** A part of a table to be gone through. */
export interface FieldSpan extends RowSpan {
  readonly what: 'field' | 'index';
  readonly name: string;
}

const EVERYTHING: RowSpan = { from: null, to: null };

/** Replaces keys: a new version seals from now on, what older ones sealed is sealed anew piece by piece. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly provider: CryptoProvider,
    private readonly ring: KeyRing,
    private readonly crypto: FieldCrypto,
    private readonly transactions: Transactions,
  ) {}

  /** Whether a rotation was begun and is not finished. */
  async underWay(): Promise<boolean> {
    const { register } = await this.ring.inventory();
    return register.some((key) => key.state === 'old');
  }

  /**
   * Makes the next version of every key and lets it seal from now on. The file is written first and once more at the end, by
   * which the other processes notice; until they do, what they seal with an old key is found by the rotation.
   * @throws KeyFault when the keys come from a setting
   */
  async begin(source: KeySource): Promise<readonly FieldKey[]> {
    const { keys, register } = await this.ring.inventory();
    let all = keys;
    const made = neededKeys().map((need) => {
      // A version that a crash left in the file, unknown to the database, is taken up.
      const known = all.filter((key) => key.use === need.use && key.purpose === need.purpose);
      const left = known.find((key) => !register.some((row) => row.id === key.id));
      if (left !== undefined) return left;
      const next = withNewVersion(this.provider, all, need);
      all = next.keys;
      return next.made;
    });
    const text = formatKeys(all);
    await source.replace(text);
    await this.transactions.run(async (tx) => {
      for (const key of made) await replaceCurrentKey(tx, key, await this.provider.checkValue(key.material));
    });
    await source.replace(text);
    await this.ring.load();
    return made;
  }

  /** The parts of all encrypted columns and blind indexes of a pool. */
  async spans(tx: Tx, poolArea: string): Promise<FieldSpan[]> {
    const spans: FieldSpan[] = [];
    for (const field of encryptedFields()) {
      for (const span of await spansOf(tx, field, poolArea))
        spans.push({ ...span, what: 'field', name: nameOf(field) });
    }
    for (const index of blindIndexes()) {
      for (const span of await spansOf(tx, index.of, poolArea)) {
        spans.push({ ...span, what: 'index', name: nameOf(index) });
      }
    }
    return spans;
  }

  /** Seals and indexes a part anew where an older key did it. @returns how many values */
  async renew(tx: Tx, poolArea: string, span: FieldSpan): Promise<number> {
    return span.what === 'field'
      ? this.renewField(tx, poolArea, fieldOf(span.name), span)
      : this.renewIndex(tx, poolArea, indexOf(span.name), span);
  }

  /**
   * Retires the keys that stand on no row any more; what a process that had not noticed yet sealed with one meanwhile is
   * sealed anew first.
   */
  async retire(tx: Tx, poolArea: string): Promise<void> {
    for (const field of encryptedFields()) await this.renewField(tx, poolArea, field, EVERYTHING);
    for (const index of blindIndexes()) await this.renewIndex(tx, poolArea, index, EVERYTHING);
    const used = await this.usedKeys(tx);
    const old = ((await registeredKeys(tx)) ?? []).filter((key) => key.state === 'old');
    const free = old.filter((key) => !used.has(key.id)).map((key) => key.id);
    await tx.query(`UPDATE field_key SET state = 'retired' WHERE id = ANY ($1::int[])`, [free]);
  }

  /** The registered keys and on how many values each stands. */
  async report(): Promise<{ readonly key: RegisteredKey; readonly values: number }[]> {
    const { register } = await this.ring.inventory();
    const used = await this.transactions.run((tx) => this.usedKeys(tx));
    return register.map((key) => ({ key, values: used.get(key.id) ?? 0 }));
  }

  /** Opens every value of a part and compares its blind indexes. @returns the values that are not right, by table and row */
  async faults(
    tx: Tx,
    poolArea: string,
    span: FieldSpan,
  ): Promise<{ readonly checked: number; readonly wrong: string[] }> {
    const index = span.what === 'index' ? indexOf(span.name) : undefined;
    const field = index?.of ?? fieldOf(span.name);
    const rows =
      index === undefined
        ? (await sealedRows(tx, field, poolArea, span, null)).map((row) => ({ ...row, stored: undefined }))
        : (await indexedRows(tx, index, poolArea, span, null)).map((row) => ({ ...row, stored: row }));
    const wrong: string[] = [];
    for (const { row, sealed, stored } of rows) {
      try {
        const text = await this.crypto.open(field, row, sealed);
        if (index !== undefined && stored !== undefined) {
          await this.crypto.requireIndex(index, stored.index, index.text(text, stored.needs));
        }
      } catch {
        wrong.push(`${span.name} ${row.join('/')}`);
      }
    }
    return { checked: rows.length, wrong };
  }

  private async renewField(tx: Tx, poolArea: string, field: EncryptedField, span: RowSpan): Promise<number> {
    const { id } = await this.ring.sealing(field.purpose);
    const rows = await sealedRows(tx, field, poolArea, span, id);
    if (rows.length === 0) return 0;
    const texts = await this.crypto.openMany(field, rows);
    const sealed = await this.crypto.sealMany(
      field,
      rows.map(({ row }, at) => ({ row, text: texts[at] as string })),
    );
    await replaceSealed(tx, field, rows, sealed);
    return rows.length;
  }

  private async renewIndex(tx: Tx, poolArea: string, index: BlindIndex, span: RowSpan): Promise<number> {
    const id = await this.crypto.currentIndexKey(tx, index);
    const rows = await indexedRows(tx, index, poolArea, span, id);
    if (rows.length === 0) return 0;
    const texts = await this.crypto.openMany(index.of, rows);
    const { current } = await this.crypto.indexNew(
      tx,
      index,
      rows.map(({ needs }, at) => index.text(texts[at] as string, needs)),
    );
    await replaceIndexes(tx, index, rows, current);
    return rows.length;
  }

  private async usedKeys(tx: Tx): Promise<Map<number, number>> {
    // Every row is counted; the limit of a request does not apply.
    await tx.query('SET LOCAL statement_timeout = 0');
    const used = new Map<number, number>();
    for (const item of [...encryptedFields(), ...blindIndexes()]) {
      for (const { id, rows } of await countByKey(tx, item)) used.set(id, (used.get(id) ?? 0) + rows);
    }
    return used;
  }
}

function nameOf({ table, column }: { readonly table: string; readonly column: string }): string {
  return `${table}.${column}`;
}

function fieldOf(name: string): EncryptedField {
  return known(encryptedFields(), name);
}

function indexOf(name: string): BlindIndex {
  return known(blindIndexes(), name);
}

function known<T extends { readonly table: string; readonly column: string }>(list: readonly T[], name: string): T {
  const found = list.find((item) => nameOf(item) === name);
  if (found === undefined) throw new Error(`there is no encrypted column ${name}`);
  return found;
}
