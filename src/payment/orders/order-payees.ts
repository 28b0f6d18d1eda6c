import { Injectable } from '@nestjs/common';
import { defineEncryptedField, FieldCrypto } from '../../common/crypto/index.js';
import type { Tx } from '../../common/db/index.js';
import { DomainError } from '../../common/errors/index.js';
import { maskAccount, Providers } from '../../providers/index.js';
import { paymentErrors } from '../domain/errors.js';

const ACCOUNT = defineEncryptedField({
  ...{ table: 'payment_order', column: 'payee_account', purpose: 'payee' },
  row: ['id'],
});

/** Who is paid and where, as an order keeps it: what the institution's register said when it was prepared. */
export interface OrderPayee {
  readonly payeeName: string;
  readonly payeeBank: string;
  /** Sealed for the order. */
  readonly payeeAccount: Buffer;
  readonly payeeAccountMasked: string;
}

/** Payees of payment orders: taken from the register of institutions, sealed for each order, opened for the bank. */
@Injectable()
export class OrderPayees {
  constructor(
    private readonly providers: Providers,
    private readonly crypto: FieldCrypto,
  ) {}

  /** The payees of new orders, in their order. Error `payment.order-payee-missing`. */
  async take(
    tx: Tx,
    poolArea: string,
    orders: readonly { readonly id: string; readonly providerId: string }[],
  ): Promise<OrderPayee[]> {
    const ids = orders.map((order) => order.providerId);
    const institutions = new Map((await this.providers.list(tx, { poolArea, ids })).map((one) => [one.id, one]));
    const accounts = await this.providers.payeeAccounts(tx, poolArea, ids);
    const payees = orders.map(({ id, providerId }) => {
      const { name = providerId, payeeName = null, payeeBank = null } = institutions.get(providerId) ?? {};
      const account = accounts.get(providerId);
      if (payeeName === null || payeeBank === null || account === undefined) {
        throw new DomainError(paymentErrors['order-payee-missing'], { provider: name });
      }
      return { id, payeeName, payeeBank, account };
    });
    const sealed = await this.crypto.sealMany(
      ACCOUNT,
      payees.map((payee) => ({ row: payee.id, text: payee.account })),
    );
    return payees.map(({ payeeName, payeeBank, account }, at) => ({
      ...{ payeeName, payeeBank },
      payeeAccount: sealed[at] as Buffer,
      payeeAccountMasked: maskAccount(account) ?? '',
    }));
  }

  /** The accounts of orders in full, by the orders' ids. Error `crypto.tampered`. */
  async accounts(tx: Tx, poolArea: string, orderIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<{ row: string; sealed: Buffer }>(
      'SELECT id AS row, payee_account AS sealed FROM payment_order WHERE pool_area = $1 AND id = ANY ($2::uuid[])',
      [poolArea, orderIds],
    );
    const accounts = await this.crypto.openMany(ACCOUNT, rows);
    return new Map(rows.map(({ row }, at) => [row, accounts[at] as string]));
  }

  /** The account of one order in full. */
  async account(tx: Tx, poolArea: string, orderId: string): Promise<string> {
    return (await this.accounts(tx, poolArea, [orderId])).get(orderId) ?? '';
  }
}
