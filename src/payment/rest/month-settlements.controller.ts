import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { parseYuan, yuanText } from '../../common/money/index.js';
import { Clock, parseMonth } from '../../common/time/index.js';
import { type Actor, CurrentActor, Idempotent } from '../../identity/index.js';
import { MonthCloser } from '../advance/month-closer.js';
import { MonthSettlements } from '../advance/month.service.js';
import { viewMonth, viewMonths, viewSheet } from '../advance/month.view.js';
import { type ApprovalAction, ApprovalSteps } from '../approval-steps.js';
import { explainTrace, type TraceLine } from '../domain/trace.js';
import { AdjustmentDto, MonthListDto, MonthTrialDto, OpinionDto, ReturnDto } from './payment.dto.js';
import { as, ID, listOf, MONTH_HEAD, MONTH_LINE, orNull, pageOfShape, shape, TIMELINE, TRACE } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const STATE = shape({ id: as.id, state: as.text });
const SHEET = shape({
  ...MONTH_LINE,
  trace: TRACE,
  explained: shape({ zh: listOf(as.text), en: listOf(as.text) }),
  cells: listOf(
    shape({
      fund: as.text,
      category: as.text,
      accepted: as.yuan,
      eligible: as.yuan,
      withheld: as.yuan,
      ytdAccepted: as.yuan,
    }),
  ),
  adjustments: listOf(shape({ id: as.id, amount: as.yuan, reason: as.text, document: as.text, createdBy: as.text })),
});

/** Month settlement (月结算). */
@ApiTags('payment')
@ApiBearerAuth()
@Controller('month-settlements')
export class MonthSettlementsController {
  constructor(
    private readonly months: MonthSettlements,
    private readonly closer: MonthCloser,
    private readonly steps: ApprovalSteps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Month settlements, newest first. */
  @Get()
  @ApiOkResponse({ schema: pageOfShape(shape(MONTH_HEAD)) })
  async list(@CurrentActor() actor: Actor, @Query() query: MonthListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 2);
    const rows = await this.transactions.read((tx) => viewMonths(tx, actor, query, page));
    return pageOf.page(
      rows,
      page.limit,
      (row) => row.key,
      (row) => row.shown,
    );
  }

  /** Runs the trial of a month, or returns the one that is there: one run however often it is asked for. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ schema: shape({ id: orNull(as.id), runId: as.id, state: as.text, created: as.flag }) })
  async trial(@CurrentActor() actor: Actor, @Body() body: MonthTrialDto): Promise<Json> {
    const request = { scheme: body.scheme, month: parseMonth(body.month), recompute: body.recompute === true };
    const { monthId, ...started } = await this.months.trial(actor, request, this.clock.today());
    return { id: monthId, ...started };
  }

  /** One month settlement with its sheets, exceptions first. */
  @Get(':id')
  @ApiOkResponse({ schema: shape({ ...MONTH_HEAD, lines: listOf(shape(MONTH_LINE)), timeline: TIMELINE }) })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.transactions.read(async (tx) => {
      const shown = await viewMonth(tx, actor, id);
      // Who in the bureau said what is the bureau's business.
      const isBureau = actor.providerId === null;
      const subject = { id, poolArea: actor.poolArea };
      return { ...shown, timeline: isBureau ? await this.steps.timeline(tx, 'month-settlement', subject) : [] };
    });
  }

  /** One provider's sheet: "how was this computed". */
  @Get(':id/lines/:providerId')
  @ApiOkResponse({ schema: SHEET })
  async sheet(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('providerId', ParseUUIDPipe) providerId: string,
  ): Promise<Json> {
    const sheet = await this.transactions.read((tx) => viewSheet(tx, actor, id, providerId));
    const trace = sheet['trace'] as readonly TraceLine[];
    return { ...sheet, explained: { zh: explainTrace(trace, 'zh'), en: explainTrace(trace, 'en') } };
  }

  /** Adds an adjustment line with its reason; the sheet is computed anew, nothing is edited. */
  @Post(':id/adjustments')
  @Idempotent()
  @ApiCreatedResponse({ schema: ID })
  async adjust(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AdjustmentDto,
  ): Promise<Json> {
    const line = {
      providerId: body.providerId,
      amount: parseYuan(body.amount),
      reason: body.reason,
      ...(body.document === undefined ? {} : { document: body.document }),
      ...(body.correctsMonthId === undefined ? {} : { correctsMonthId: body.correctsMonthId }),
    };
    return { id: await this.transactions.run((tx) => this.months.adjust(tx, actor, id, line)) };
  }

  @Post(':id/submit')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  submit(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'submit', body.opinion);
  }

  /** Another person than the one who submitted. */
  @Post(':id/review')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  review(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'review', body.opinion);
  }

  /** Gives the month back with an opinion; the next submission opens a new round. */
  @Post(':id/return')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  return(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: ReturnDto): Promise<Json> {
    return this.step(actor, id, 'return', body.opinion);
  }

  /** A third person. */
  @Post(':id/approve')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  approve(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, 'approve', body.opinion);
  }

  /** Closes an approved month: books, orders and figures, once; a month closed before answers as it did. */
  @Post(':id/close')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({ schema: shape({ id: as.id, hash: as.text, orders: as.count, paid: as.yuan }) })
  async close(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    const closed = await this.transactions.run((tx) => this.closer.close(tx, actor, id, this.clock.today()));
    return { id: closed.monthId, hash: closed.hash, orders: closed.orders, paid: yuanText(closed.paid) };
  }

  private async step(actor: Actor, id: string, action: ApprovalAction, opinion: string | undefined): Promise<Json> {
    return this.transactions.run(async (tx) => {
      await this.months.step(tx, actor, id, action, opinion);
      const { state } = await viewMonth(tx, actor, id);
      return { id, state };
    });
  }
}
