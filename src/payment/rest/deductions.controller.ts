import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { parseYuan, yuanText } from '../../common/money/index.js';
import { Clock, parseMonth } from '../../common/time/index.js';
import { type Actor, CurrentActor, Idempotent } from '../../identity/index.js';
import { type Deduction, Deductions } from '../advance/deductions.service.js';
import { DeductionDecisionDto, DeductionDto, DeductionListDto } from './payment.dto.js';
import { as, ID, orNull, pageOfShape, shape } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const DEDUCTION = shape({
  id: as.id,
  providerId: as.id,
  providerName: as.text,
  scheme: as.text,
  month: as.month,
  amount: as.yuan,
  reason: as.text,
  document: as.text,
  settlementId: orNull(as.id),
  state: as.text,
  proposedBy: as.text,
  decidedBy: orNull(as.text),
  decidedOn: orNull(as.day),
  opinion: orNull(as.text),
  appliedMonthId: orNull(as.id),
});

/** Deductions (审核扣款): proposed by one, decided by another, taken by the month that is settled next. */
@ApiTags('payment')
@ApiBearerAuth()
@Controller('deductions')
export class DeductionsController {
  constructor(
    private readonly deductions: Deductions,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOkResponse({ schema: pageOfShape(DEDUCTION) })
  async list(@CurrentActor() actor: Actor, @Query() query: DeductionListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 1);
    const { state, scheme } = query;
    const filter = { state, scheme, month: query.month === undefined ? undefined : parseMonth(query.month) };
    const rows = await this.transactions.read((tx) => this.deductions.list(tx, actor, filter, page));
    return pageOf.page(rows, page.limit, (row) => [row.id], shown);
  }

  @Post()
  @Idempotent()
  @ApiCreatedResponse({ schema: ID })
  async propose(@CurrentActor() actor: Actor, @Body() body: DeductionDto): Promise<Json> {
    const input = { ...fieldsOf(body), month: parseMonth(body.month), amount: parseYuan(body.amount) };
    return { id: await this.transactions.run((tx) => this.deductions.propose(tx, actor, input)) };
  }

  /** Decides, as another person than the one who proposed. */
  @Post(':id/decide')
  @HttpCode(204)
  @ApiNoContentResponse()
  async decide(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: DeductionDecisionDto,
  ): Promise<void> {
    const decision = { uphold: body.uphold, opinion: body.opinion, today: this.clock.today() };
    await this.transactions.run((tx) => this.deductions.decide(tx, actor, id, decision));
  }
}

function fieldsOf(
  body: DeductionDto,
): Pick<DeductionDto, 'providerId' | 'scheme' | 'reason' | 'document' | 'settlementId'> {
  const { providerId, scheme, reason } = body;
  return {
    providerId,
    scheme,
    reason,
    ...(body.document === undefined ? {} : { document: body.document }),
    ...(body.settlementId === undefined ? {} : { settlementId: body.settlementId }),
  };
}

function shown(row: Deduction): Json {
  return {
    id: row.id,
    providerId: row.providerId,
    providerName: row.providerName,
    scheme: row.scheme,
    month: row.month.slice(0, 7),
    amount: yuanText(row.amount),
    reason: row.reason,
    document: row.document,
    settlementId: row.settlementId,
    state: row.state,
    proposedBy: row.proposedByName,
    decidedBy: row.decidedByName,
    decidedOn: row.decidedOn,
    opinion: row.opinion,
    appliedMonthId: row.appliedMonthId,
  };
}
