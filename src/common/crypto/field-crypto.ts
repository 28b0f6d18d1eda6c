import { Injectable } from '@nestjs/common';
import type { Tx } from '../db/index.js';
import { HttpError } from '../http/index.js';
import { rootLogger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { CryptoProvider, type IndexKey } from './crypto-provider.js';
import type { BlindIndex, EncryptedField } from './encrypted-fields.js';
import { cryptoErrors } from './errors.js';
import { type Held, KeyRing } from './key-ring.js';

/** The row a value stands in: the values of the field's `row` columns. */
export type RowKey = string | readonly string[];

/** What of a blind index is needed to make it. */
type Indexed = Pick<BlindIndex, 'table' | 'column' | 'kind'>;

/** Sealed texts are bytes; what is null stays null. */
export type Sealed<T extends string | null> = T extends string ? Buffer : null;

const HEADER_BYTES = 3;
const ID_AT = 1;
const INDEX_BYTES = 16;
const INTERNAL_ERROR = 500;
const HALF_PAIR = /\p{Surrogate}/u;

/**
 * Seals texts for encrypted columns and opens them, and makes blind indexes.
 *
 * A sealed value is: format (1 byte), key id (2), nonce (16), ciphertext, tag (32). It is bound to its table, column and row:
 * copied anywhere else it does not open. A blind index is: key id (2), the first 16 bytes of an HMAC-SM3.
 */
@Injectable()
export class FieldCrypto {
  private readonly refused;

  constructor(
    private readonly provider: CryptoProvider,
    private readonly ring: KeyRing,
    metrics: Metrics,
  ) {
    this.refused = metrics.counter(
      'tongchou_crypto_refused_total',
      'Encrypted values that were changed, moved or sealed by an unknown key; any is an alarm',
      ['field'],
    );
  }

  /** Seals one text for a row of an encrypted column. */
  async seal(field: EncryptedField, row: RowKey, text: string): Promise<Buffer> {
    const [sealed] = await this.sealMany(field, [{ row, text }]);
    return sealed as Buffer;
  }

  /** Seals texts of one column, in their order; null stays null. Texts are well-formed Unicode. */
  async sealMany<T extends string | null>(
    field: EncryptedField,
    items: readonly { readonly row: RowKey; readonly text: T }[],
  ): Promise<Sealed<T>[]> {
    const { id, key } = await this.ring.sealing(field.purpose);
    const header = headerOf(this.provider.format, id);
    const texts = items.filter((item): item is { row: RowKey; text: T & string } => item.text !== null);
    const sealed = await key.seal(
      texts.map(({ row, text }) => ({ plain: bytesOf(text), bound: boundTo(header, field, row) })),
    );
    const bodies = sealed.values();
    return items.map((item) =>
      item.text === null ? null : Buffer.concat([header, bodies.next().value as Buffer]),
    ) as Sealed<T>[];
  }

  /** Opens one value. Error `crypto.tampered`. */
  async open(field: EncryptedField, row: RowKey, sealed: Buffer): Promise<string> {
    const [text] = await this.openMany(field, [{ row, sealed }]);
    return text as string;
  }

  /**
   * Opens values of one column, in their order; null stays null. A single value that was changed, moved or sealed by a key
   * nobody has refuses all of them: error `crypto.tampered`, counted as an alarm.
   */
  async openMany<S extends Buffer | null>(
    field: EncryptedField,
    items: readonly { readonly row: RowKey; readonly sealed: S }[],
  ): Promise<(S extends Buffer ? string : null)[]> {
    const texts = new Array<string | null>(items.length).fill(null);
    for (const [id, places] of this.byKey(field, items)) {
      const key = await this.ring.opening(id);
      if (key === undefined) throw this.alarm(field);
      const header = headerOf(this.provider.format, id);
      const opened = await key.open(
        places.map(({ row, sealed }) => ({
          sealed: sealed.subarray(HEADER_BYTES),
          bound: boundTo(header, field, row),
        })),
      );
      places.forEach(({ at }, place) => {
        const plain = opened[place];
        if (plain === undefined) throw this.alarm(field);
        texts[at] = plain.toString('utf8');
      });
    }
    return texts as (S extends Buffer ? string : null)[];
  }

  /**
   * The blind indexes of new rows, and those under which the same values may stand already while a rotation is under way.
   * Inside the transaction that writes the rows: until it ends, the index key is not replaced.
   */
  async indexNew(
    tx: Pick<Tx, 'one'>,
    index: Indexed,
    texts: readonly string[],
  ): Promise<{ readonly current: Buffer[]; readonly older: Buffer[] }> {
    const finding = await this.ring.finding(index.kind);
    const id = await this.currentIndexKey(tx, index);
    const current = await indexed(await this.ring.indexing(id), index, texts);
    const others = finding.filter((held) => held.id !== id);
    const older = await Promise.all(others.map((held) => indexed(held, index, texts)));
    return { current, older: older.flat() };
  }

  /** The key that indexes now; it stays so until the transaction ends. */
  async currentIndexKey(tx: Pick<Tx, 'one'>, index: Indexed): Promise<number> {
    const { id } = await tx.one<{ id: number }>(
      `SELECT id FROM field_key WHERE use = 'index' AND purpose = $1 AND state = 'current' FOR SHARE`,
      [index.kind],
    );
    return id;
  }

  /** Every blind index under which a value can stand: ask with `= ANY ($n::bytea[])`. */
  async indexesOf(index: Indexed, text: string): Promise<Buffer[]> {
    const held = await this.ring.finding(index.kind);
    return (await Promise.all(held.map((key) => indexed(key, index, [text])))).flat();
  }

  /** Error `crypto.tampered` when a row's blind index is not that of its text: somebody exchanged it. */
  async requireIndex(index: Indexed, stored: Buffer, text: string): Promise<void> {
    if (!(await this.indexesOf(index, text)).some((value) => value.equals(stored))) throw this.alarm(index);
  }

  private byKey(
    field: EncryptedField,
    items: readonly { readonly row: RowKey; readonly sealed: Buffer | null }[],
  ): Map<number, { at: number; row: RowKey; sealed: Buffer }[]> {
    const groups = new Map<number, { at: number; row: RowKey; sealed: Buffer }[]>();
    items.forEach(({ row, sealed }, at) => {
      if (sealed === null) return;
      if (sealed.length < HEADER_BYTES || sealed[0] !== this.provider.format) throw this.alarm(field);
      const id = sealed.readUInt16BE(ID_AT);
      const group = groups.get(id) ?? [];
      group.push({ at, row, sealed });
      groups.set(id, group);
    });
    return groups;
  }

  private alarm({ table, column }: { readonly table: string; readonly column: string }): HttpError {
    const field = `${table}.${column}`;
    this.refused.inc({ field });
    rootLogger().error({ field }, 'an encrypted value was refused');
    return new HttpError(cryptoErrors.tampered, INTERNAL_ERROR);
  }
}

async function indexed({ id, key }: Held<IndexKey>, index: Indexed, texts: readonly string[]): Promise<Buffer[]> {
  const prefix = Buffer.from(`${index.kind}\0`, 'utf8');
  const macs = await key.index(texts.map((text) => Buffer.concat([prefix, bytesOf(text)])));
  const keyId = Buffer.allocUnsafe(2);
  keyId.writeUInt16BE(id);
  return macs.map((mac) => Buffer.concat([keyId, mac.subarray(0, INDEX_BYTES)]));
}

function headerOf(format: number, id: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(format);
  header.writeUInt16BE(id, ID_AT);
  return header;
}

// A uuid is one and the same in capitals and in small letters; PostgreSQL gives it back in small ones.
function boundTo(header: Buffer, field: EncryptedField, row: RowKey): Buffer {
  const place = typeof row === 'string' ? row : row.join('\0');
  return Buffer.concat([header, Buffer.from(`${field.table}.${field.column}\0${place.toLowerCase()}`, 'utf8')]);
}

// Half a surrogate pair would silently become U+FFFD.
function bytesOf(text: string): Buffer {
  if (HALF_PAIR.test(text)) throw new Error('a text to be encrypted holds half a surrogate pair');
  return Buffer.from(text, 'utf8');
}
