import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Approvals } from '../../approvals/index.js';
import { Transactions } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { yuanText } from '../../common/money/index.js';
import { Clock } from '../../common/time/index.js';
import { type Actor, CurrentActor, Idempotent, PersonalDataDoor } from '../../identity/index.js';
import type { OrderAction } from '../domain/lifecycle.js';
import { type PaymentOrder, PaymentOrders } from '../orders/orders.service.js';
import { OpinionDto, OrderListDto, PaidDto, ReasonDto, RevealDto } from './payment.dto.js';
import { as, ID, ORDER, pageOfShape, shape, TIMELINE } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const STATE = shape({ id: as.id, state: as.text });

/** Payment orders (支付单): preparer, reviewer and approver are three people. */
@ApiTags('payment')
@ApiBearerAuth()
@Controller('payment-orders')
export class PaymentOrdersController {
  constructor(
    private readonly orders: PaymentOrders,
    private readonly approvals: Approvals,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly door: PersonalDataDoor,
  ) {}

  /** Payment orders, newest number first. */
  @Get()
  @ApiOkResponse({ schema: pageOfShape(shape(ORDER)) })
  async list(@CurrentActor() actor: Actor, @Query() query: OrderListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => this.orders.list(tx, actor, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.orderNo], shown);
  }

  @Get(':id')
  @ApiOkResponse({ schema: shape({ ...ORDER, timeline: TIMELINE }) })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.transactions.read(async (tx) => {
      const order = await this.orders.get(tx, actor, id);
      const subject = { subjectKind: 'payment-order', subjectId: id };
      const timeline = actor.providerId === null ? await this.approvals.timeline(tx, subject, actor.poolArea) : [];
      return { ...shown(order), timeline };
    });
  }

  /**
   * The payee account in full. Needs a permission of its own and a reason; every reveal is in the audit trail, and counted:
   * beyond the limit of an hour the answer is 429.
   */
  @Post(':id/reveal')
  @HttpCode(200)
  @ApiOkResponse({ schema: shape({ id: as.id, payeeAccount: as.text }) })
  async reveal(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RevealDto,
  ): Promise<Json> {
    await this.door.reveal(actor);
    const payeeAccount = await this.transactions.run((tx) => this.orders.revealAccount(tx, actor, id, body.reason));
    return { id, payeeAccount };
  }

  @Post(':id/review')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  review(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'review', { reason: body.opinion });
  }

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  approve(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'approve', { reason: body.opinion });
  }

  /** Signs off (签发): neither the preparer nor the reviewer. */
  @Post(':id/sign-off')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  signOff(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'sign-off', { reason: body.opinion });
  }

  /** Hands the order to the bank. */
  @Post(':id/send')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  send(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.step(actor, id, 'send', {});
  }

  /** Records that the bank has paid: Dr 2004 Cr 1003. */
  @Post(':id/paid')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  paid(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: PaidDto): Promise<Json> {
    return this.step(actor, id, 'paid', { bankReference: body.bankReference });
  }

  /** Records that the bank gave it back: it is owed again. */
  @Post(':id/returned')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  returned(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ReasonDto,
  ): Promise<Json> {
    return this.step(actor, id, 'returned', { reason: body.reason });
  }

  /** Records that a paid order was found on the bank's statement. */
  @Post(':id/reconcile')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  reconcile(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.step(actor, id, 'reconcile', {});
  }

  /** Issues a returned order anew, to the payee as it is now. */
  @Post(':id/reissue')
  @Idempotent()
  @ApiCreatedResponse({ schema: ID })
  async reissue(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return { id: await this.transactions.run((tx) => this.orders.reissue(tx, actor, id, this.clock.today())) };
  }

  private async step(
    actor: Actor,
    id: string,
    action: OrderAction,
    facts: { readonly bankReference?: string | undefined; readonly reason?: string | undefined },
  ): Promise<Json> {
    return this.transactions.run(async (tx) => {
      await this.orders.step(tx, actor, id, { action, today: this.clock.today(), ...facts });
      const { state } = await this.orders.get(tx, actor, id);
      return { id, state };
    });
  }
}

function shown(order: PaymentOrder): Json {
  return {
    id: order.id,
    orderNo: order.orderNo,
    scheme: order.scheme,
    providerId: order.providerId,
    providerName: order.providerName,
    sourceKind: order.sourceKind,
    sourceId: order.sourceId,
    attempt: order.attempt,
    period: order.period.slice(0, 7),
    amount: yuanText(order.amount),
    prepayment: yuanText(order.prepayment),
    payeeName: order.payeeName,
    payeeBank: order.payeeBank,
    payeeAccount: order.payeeAccount,
    state: order.state,
    preparedBy: order.preparedByName,
    preparedOn: order.preparedOn,
    reviewedBy: order.reviewedByName,
    approvedBy: order.approvedByName,
    signedBy: order.signedByName,
    sentOn: order.sentOn,
    paidOn: order.paidOn,
    bankReference: order.bankReference,
    returnedOn: order.returnedOn,
    returnReason: order.returnReason,
  };
}
