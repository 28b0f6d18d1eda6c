import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { currentContext, type Page, pageOf } from '../common/http/index.js';
import { parseMonth } from '../common/time/index.js';
import { type Actor, CurrentActor, Idempotent } from '../identity/index.js';
import { ExplainQueryDto, ListSettlementsDto, ReverseDto } from './dto.js';
import { ReversalService } from './reversal.service.js';
import { BILL_SCHEMA } from './settle-request.js';
import { SettlementService } from './settlement.service.js';
import { answerView, lineView, settlementView } from './settlement.view.js';

/** Bills to settlements: /api/v1/settlements. Bodies of bills are checked by one compiled JSON schema, not by decorators. */
@ApiTags('settlements')
@Controller('settlements')
export class SettlementsController {
  constructor(
    private readonly settlements: SettlementService,
    private readonly reversals: ReversalService,
  ) {}

  @Post('pre-settle')
  @HttpCode(200)
  @ApiOperation({ summary: 'What settling this bill would answer now; nothing is booked' })
  @ApiBody({ schema: BILL_SCHEMA as object })
  async preSettle(@CurrentActor() actor: Actor, @Body() body: unknown): Promise<object> {
    const { settlement, lines, explanation } = await this.settlements.preSettle(actor, body);
    // Nothing was booked, so there is nothing yet that these ids could name.
    return { ...answerView(settlement, lines), id: null, visitId: null, explanation };
  }

  @Post()
  @ApiOperation({ summary: 'Settles a bill: visit, lines, settlement, accumulators and postings in one step' })
  @ApiHeader({ name: 'Idempotency-Key', required: true, description: 'unique per bill; repeat it on retry' })
  @ApiBody({ schema: BILL_SCHEMA as object })
  async settle(
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { settlement, lines, replayed } = await this.settlements.settle(actor, key, body);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    return answerView(settlement, lines);
  }

  @Get()
  @ApiOperation({ summary: 'Settlements in scope, newest first' })
  async list(@CurrentActor() actor: Actor, @Query() query: ListSettlementsDto): Promise<Page<object>> {
    const { limit, after } = pageOf.query(query, 1);
    const { providerId, personId, month, scheme, billNo } = query;
    const filter = { providerId, personId, scheme, billNo, month: month === undefined ? undefined : parseMonth(month) };
    const rows = await this.settlements.list(actor, filter, { limit, after: after?.[0] });
    return pageOf.page(
      rows,
      limit,
      ({ settlement }) => [settlement.id],
      ({ settlement, reversedBy }) => ({ ...settlementView(settlement), reversedBy }),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'One settlement with its lines' })
  async get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<object> {
    const { settlement, reversedBy, lines } = await this.settlements.get(actor, id);
    return { ...settlementView(settlement), reversedBy, lines: lines.map(lineView) };
  }

  @Get(':id/explain')
  @ApiOperation({ summary: 'How the settlement was computed, step by step, with the article of each rule' })
  async explain(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Query() query: ExplainQueryDto,
  ): Promise<object> {
    const language = query.lang ?? currentContext()?.language ?? 'zh';
    const { policyVersion, steps } = await this.settlements.explain(actor, id, language);
    return { settlementId: id, language, policyVersion, steps };
  }

  @Post(':id/reverse')
  @Idempotent()
  @ApiOperation({ summary: 'Takes a settlement back: the same numbers negated, in the first open month' })
  reverse(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: ReverseDto): Promise<object> {
    return this.reversals.reverse(actor, id, body.reason);
  }
}
