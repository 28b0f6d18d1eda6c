import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { Clock } from '../../common/time/index.js';
import { type Actor, CurrentActor } from '../../identity/index.js';
import { type Assessment, Assessments } from '../clearing/assessments.service.js';
import { type ReadmissionReview, Readmissions } from '../clearing/readmissions.service.js';
import {
  AssessmentDto,
  AssessmentListDto,
  ReadmissionDecisionDto,
  ReadmissionListDto,
  SchemeYearDto,
} from './payment.dto.js';
import { as, ID, orNull, pageOfShape, shape } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const ASSESSMENT = shape({
  id: as.id,
  providerId: as.id,
  providerName: as.text,
  year: as.count,
  score: as.text,
  gradeIndex: as.text,
  complaints: as.count,
  evidence: as.text,
  state: as.text,
  scoredBy: as.text,
  confirmedBy: orNull(as.text),
});

const REVIEW = shape({
  id: as.id,
  scheme: as.text,
  year: as.count,
  providerId: as.id,
  providerName: as.text,
  personId: as.id,
  firstSettlementId: as.id,
  settlementId: as.id,
  gapDays: as.count,
  state: as.text,
  reason: orNull(as.text),
  evidence: orNull(as.text),
  decidedBy: orNull(as.text),
  decidedOn: orNull(as.day),
});

/** What a year's clearing needs besides money: assessments and readmission reviews. */
@ApiTags('payment')
@ApiBearerAuth()
@Controller()
export class YearFactsController {
  constructor(
    private readonly assessments: Assessments,
    private readonly readmissions: Readmissions,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Annual assessments (年度考核). */
  @Get('assessments')
  @ApiOkResponse({ schema: pageOfShape(ASSESSMENT) })
  async listAssessments(@CurrentActor() actor: Actor, @Query() query: AssessmentListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.read((tx) => this.assessments.list(tx, actor, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.id], shownAssessment);
  }

  /** Scores a provider for a year; a second person confirms. */
  @Post('assessments')
  @ApiCreatedResponse({ schema: ID })
  async score(@CurrentActor() actor: Actor, @Body() body: AssessmentDto): Promise<Json> {
    return { id: await this.transactions.run((tx) => this.assessments.score(tx, actor, body)) };
  }

  @Post('assessments/:id/confirm')
  @HttpCode(204)
  @ApiNoContentResponse()
  async confirm(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.transactions.run((tx) => this.assessments.confirm(tx, actor, id));
  }

  /** Readmission reviews (再入院审核). */
  @Get('readmission-reviews')
  @ApiOkResponse({ schema: pageOfShape(REVIEW) })
  async listReviews(@CurrentActor() actor: Actor, @Query() query: ReadmissionListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 1);
    const rows = await this.transactions.run((tx) => this.readmissions.list(tx, actor, query, page));
    return pageOf.page(rows, page.limit, (row) => [row.id], shownReview);
  }

  /** Finds the readmissions of a year that are to be reviewed; asked again it adds only what is new. */
  @Post('readmission-reviews')
  @HttpCode(200)
  @ApiOkResponse({ schema: shape({ added: as.count }) })
  async find(@CurrentActor() actor: Actor, @Body() body: SchemeYearDto): Promise<Json> {
    return { added: await this.transactions.run((tx) => this.readmissions.find(tx, actor, body)) };
  }

  /** Judges one readmission, with reason and evidence. */
  @Post('readmission-reviews/:id/decide')
  @HttpCode(204)
  @ApiNoContentResponse()
  async decide(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ReadmissionDecisionDto,
  ): Promise<void> {
    const { reasonable, reason, evidence } = body;
    const decision = { reasonable, reason, evidence, today: this.clock.today() };
    await this.transactions.run((tx) => this.readmissions.decide(tx, actor, id, decision));
  }
}

function shownAssessment(row: Assessment): Json {
  const { scoredByName, confirmedByName, ...rest } = row;
  return { ...rest, scoredBy: scoredByName, confirmedBy: confirmedByName };
}

function shownReview(row: ReadmissionReview): Json {
  const { decidedByName, ...rest } = row;
  return { ...rest, decidedBy: decidedByName };
}
