import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Transactions } from '../../common/db/index.js';
import { Clock, firstDay, type Month } from '../../common/time/index.js';
import { PdfPrinter, type Sheet } from '../../documents/index.js';
import { csvText } from '../../exchange/index.js';
import { type Actor, Audit } from '../../identity/index.js';
import { ApprovalSteps } from '../approval-steps.js';
import type { Scheme } from '../domain/types.js';
import { OrderPayees } from '../orders/order-payees.js';
import { PaymentOrders } from '../orders/orders.service.js';
import { BANK_FILE_HEADINGS, bankFileRows } from './domain/bank-file.js';
import { clearingLetter } from './domain/clearing-letter.js';
import { monthSheet } from './domain/month-sheet.js';
import { voucher } from './domain/voucher.js';
import { bankOrders, clearingPaper, monthPaper, voucherPaper } from './paper-facts.js';

/** A file as it is handed out. */
export interface IssuedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Subject {
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Papers of the payment room: settlement sheet, payment voucher, clearing letter, bank file. Read over one snapshot,
 * printed without holding a connection, and handed out only after the audit trail has who took which file (its hash).
 */
@Injectable()
export class Papers {
  constructor(
    private readonly transactions: Transactions,
    private readonly printer: PdfPrinter,
    private readonly steps: ApprovalSteps,
    private readonly orders: PaymentOrders,
    private readonly payees: OrderPayees,
    private readonly clock: Clock,
  ) {}

  /**
   * 月度结算单 of a provider; of a closed month always the same bytes.
   * Errors: `payment.month-line-not-found`, `documents.missing-glyph`.
   */
  async monthSheet(actor: Actor, id: string, providerId: string): Promise<IssuedFile> {
    const today = this.clock.today();
    const paper = await this.transactions.read((tx) => monthPaper(tx, this.steps, actor, { id, providerId }, today));
    const subject = { action: 'payment.month-sheet-issued', subjectKind: 'month-settlement', subjectId: id };
    return this.printed(actor, '月度结算单', monthSheet(paper), { ...subject, details: { providerId } });
  }

  /** 付款凭证 of an order. Errors: `payment.order-not-found`, `documents.missing-glyph`. */
  async voucher(actor: Actor, id: string): Promise<IssuedFile> {
    const paper = await this.transactions.read(async (tx) => {
      const order = await this.orders.get(tx, actor, id);
      return voucherPaper(tx, actor, order, await this.payees.account(tx, actor.poolArea, id));
    });
    const subject = { action: 'payment.voucher-issued', subjectKind: 'payment-order', subjectId: id };
    return this.printed(actor, '付款凭证', voucher(paper), {
      ...subject,
      details: { state: paper.state, accountsInFull: 1 },
    });
  }

  /** 年终清算通知书 of a provider. Errors: `payment.clearing-line-not-found`, `documents.missing-glyph`. */
  async clearingLetter(actor: Actor, id: string, providerId: string): Promise<IssuedFile> {
    const today = this.clock.today();
    const paper = await this.transactions.read((tx) => clearingPaper(tx, this.steps, actor, { id, providerId }, today));
    const subject = { action: 'payment.clearing-letter-issued', subjectKind: 'annual-clearing', subjectId: id };
    return this.printed(actor, '年终清算通知书', clearingLetter(paper), { ...subject, details: { providerId } });
  }

  /** The bank payment file of a scheme and month: orders signed off or sent, with count and sum as trailer. */
  async bankFile(actor: Actor, scheme: Scheme, period: Month): Promise<IssuedFile> {
    const orders = await this.transactions.read((tx) => bankOrders(tx, this.payees, actor, scheme, firstDay(period)));
    const bytes = Buffer.from(csvText(BANK_FILE_HEADINGS, bankFileRows(orders)), 'utf8');
    const file = { name: `银行付款文件-${scheme}-${period}.csv`, bytes };
    return this.handOut(actor, file, {
      action: 'payment.bank-file-issued',
      subjectKind: 'payment-period',
      subjectId: `${scheme}:${period}`,
      details: { orders: orders.length, accountsInFull: orders.length },
    });
  }

  private async printed(actor: Actor, kind: string, sheet: Sheet, subject: Subject): Promise<IssuedFile> {
    const bytes = await this.printer.print(sheet);
    const name = `${kind}-${sheet.number.replaceAll('/', '-')}.pdf`;
    const details = { ...subject.details, number: sheet.number };
    return this.handOut(actor, { name, bytes }, { ...subject, details });
  }

  private async handOut(actor: Actor, file: IssuedFile, subject: Subject): Promise<IssuedFile> {
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    const entry = { ...subject, details: { ...subject.details, sha256 } };
    await this.transactions.run((tx) => Audit.look(tx, actor, entry));
    return file;
  }
}
