import { Injectable } from '@nestjs/common';
import { defineEncryptedField, FieldCrypto } from '../common/crypto/index.js';
import type { Tx } from '../common/db/index.js';
import { maskAccount } from './domain/account.js';

const ACCOUNT = defineEncryptedField({
  ...{ table: 'institution', column: 'payee_account', purpose: 'payee' },
  row: ['id'],
});

/** A bank account as it is stored: sealed, and its last four digits. */
export interface SealedAccount {
  readonly account: Buffer | null;
  readonly masked: string | null;
}

/** Bank accounts of institutions on their way into the database and out of it. */
@Injectable()
export class PayeeAccounts {
  constructor(private readonly crypto: FieldCrypto) {}

  /** Seals the accounts of institutions, in their order; null stays null. */
  async seal(items: readonly { readonly id: string; readonly account: string | null }[]): Promise<SealedAccount[]> {
    const sealed = await this.crypto.sealMany(
      ACCOUNT,
      items.map((item) => ({ row: item.id, text: item.account })),
    );
    return items.map(({ account }, at) => ({ account: sealed[at] ?? null, masked: maskAccount(account) }));
  }

  /** The accounts of institutions in full, by their ids; those without one are left out. Error `crypto.tampered`. */
  async open(tx: Tx, poolArea: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<{ row: string; sealed: Buffer }>(
      `SELECT id AS row, payee_account AS sealed FROM institution
        WHERE pool_area = $1 AND id = ANY ($2::uuid[]) AND payee_account IS NOT NULL`,
      [poolArea, ids],
    );
    const accounts = await this.crypto.openMany(ACCOUNT, rows);
    return new Map(rows.map(({ row }, at) => [row, accounts[at] as string]));
  }
}
