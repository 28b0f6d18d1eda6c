import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { yuanText } from '../../common/money/index.js';
import { Clock } from '../../common/time/index.js';
import { type Actor, CurrentActor, Idempotent } from '../../identity/index.js';
import { type ApprovalAction, ApprovalSteps } from '../approval-steps.js';
import { ClearingCloser } from '../clearing/clearing-closer.js';
import { Clearings } from '../clearing/clearing.service.js';
import { viewClearing, viewClearingLine, viewClearings } from '../clearing/clearing.view.js';
import { explainTrace, type TraceLine } from '../domain/trace.js';
import { compileBands } from '../policy/compile.js';
import {
  type BandDto,
  ClearingListDto,
  ClearingTrialDto,
  ClearingWhatIfDto,
  OpinionDto,
  ReturnDto,
} from './payment.dto.js';
import { as, CLEARING_HEAD, CLEARING_LINE, listOf, orNull, pageOfShape, shape, TIMELINE, TRACE } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const STATE = shape({ id: as.id, state: as.text });
const WHAT_IF = shape({
  payable: as.yuan,
  whatIfPayable: as.yuan,
  lines: listOf(
    shape({
      providerId: as.id,
      name: as.text,
      payable: as.yuan,
      balance: as.yuan,
      whatIfPayable: as.yuan,
      whatIfBalance: as.yuan,
    }),
  ),
});

/** Annual clearing (年终清算). */
@ApiTags('payment')
@ApiBearerAuth()
@Controller('clearings')
export class ClearingsController {
  constructor(
    private readonly clearings: Clearings,
    private readonly closer: ClearingCloser,
    private readonly steps: ApprovalSteps,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Clearings, newest first. */
  @Get()
  @ApiOkResponse({ schema: pageOfShape(shape(CLEARING_HEAD)) })
  async list(@CurrentActor() actor: Actor, @Query() query: ClearingListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 2);
    const rows = await this.transactions.read((tx) => viewClearings(tx, actor, query, page));
    return pageOf.page(
      rows,
      page.limit,
      (row) => row.key,
      (row) => row.shown,
    );
  }

  /** Runs the trial of a year, or returns the one that is there. */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ schema: shape({ id: orNull(as.id), runId: as.id, state: as.text, created: as.flag }) })
  async trial(@CurrentActor() actor: Actor, @Body() body: ClearingTrialDto): Promise<Json> {
    const request = { scheme: body.scheme, year: body.year, recompute: body.recompute === true };
    const { clearingId, ...started } = await this.clearings.trial(actor, request);
    return { id: clearingId, ...started };
  }

  /** One clearing with its lines, exceptions first. */
  @Get(':id')
  @ApiOkResponse({ schema: shape({ ...CLEARING_HEAD, lines: listOf(shape(CLEARING_LINE)), timeline: TIMELINE }) })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.transactions.read(async (tx) => {
      const shown = await viewClearing(tx, actor, id);
      const isBureau = actor.providerId === null;
      const subject = { id, poolArea: actor.poolArea };
      return { ...shown, timeline: isBureau ? await this.steps.timeline(tx, 'annual-clearing', subject) : [] };
    });
  }

  /** One provider's clearing with the trace of every band. */
  @Get(':id/lines/:providerId')
  @ApiOkResponse({
    schema: shape({ ...CLEARING_LINE, trace: TRACE, explained: shape({ zh: listOf(as.text), en: listOf(as.text) }) }),
  })
  async line(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('providerId', ParseUUIDPipe) providerId: string,
  ): Promise<Json> {
    const line = await this.transactions.read((tx) => viewClearingLine(tx, actor, id, providerId));
    const trace = line['trace'] as readonly TraceLine[];
    return { ...line, explained: { zh: explainTrace(trace, 'zh'), en: explainTrace(trace, 'en') } };
  }

  /** The same year with other bands, writing nothing. */
  @Post(':id/what-if')
  @HttpCode(200)
  @ApiOkResponse({ schema: WHAT_IF })
  async whatIf(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ClearingWhatIfDto,
  ): Promise<Json> {
    const change = {
      overspend: body.overspend === undefined ? undefined : bandsOf(body.overspend, 'overspend'),
      saving: body.saving === undefined ? undefined : bandsOf(body.saving, 'saving'),
      quality: body.quality,
    };
    const result = await this.transactions.read((tx) => this.clearings.whatIf(tx, actor, id, change));
    return {
      payable: yuanText(result.payable),
      whatIfPayable: yuanText(result.whatIfPayable),
      lines: result.lines.map((line) => ({
        providerId: line.providerId,
        name: line.name,
        payable: yuanText(line.payable),
        balance: yuanText(line.balance),
        whatIfPayable: yuanText(line.whatIfPayable),
        whatIfBalance: yuanText(line.whatIfBalance),
      })),
    };
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

  @Post(':id/return')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  return(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: ReturnDto): Promise<Json> {
    return this.step(actor, id, 'return', body.opinion);
  }

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

  /** Closes an approved clearing: books, orders, receivables and figures, once. */
  @Post(':id/close')
  @Idempotent()
  @HttpCode(200)
  @ApiOkResponse({
    schema: shape({ id: as.id, hash: as.text, orders: as.count, paid: as.yuan, toRecover: as.yuan }),
  })
  async close(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    const closed = await this.transactions.run((tx) => this.closer.close(tx, actor, id, this.clock.today()));
    return {
      id: closed.clearingId,
      hash: closed.hash,
      orders: closed.orders,
      paid: yuanText(closed.paid),
      toRecover: yuanText(closed.toRecover),
    };
  }

  private async step(actor: Actor, id: string, action: ApprovalAction, opinion: string | undefined): Promise<Json> {
    return this.transactions.run(async (tx) => {
      await this.clearings.step(tx, actor, id, action, opinion);
      const { state } = await viewClearing(tx, actor, id);
      return { id, state };
    });
  }
}

function bandsOf(bands: readonly BandDto[], where: string): ReturnType<typeof compileBands> {
  return compileBands(
    bands.map((band) => ({ upTo: band.upTo ?? null, share: band.share })),
    where,
  );
}
