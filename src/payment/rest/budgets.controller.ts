import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Approvals } from '../../approvals/index.js';
import { Transactions, type Tx } from '../../common/db/index.js';
import { type Page, pageOf } from '../../common/http/index.js';
import { parseYuan, rate, yuanText } from '../../common/money/index.js';
import { Clock } from '../../common/time/index.js';
import { type Actor, CurrentActor } from '../../identity/index.js';
import { Budgets } from '../budget/budget.service.js';
import { viewBudget, viewBudgets } from '../budget/budget.view.js';
import {
  BudgetListDto,
  BudgetWhatIfDto,
  NegotiateDto,
  OpinionDto,
  ReasonDto,
  ReturnDto,
  SchemeYearDto,
} from './payment.dto.js';
import { as, BUDGET, BUDGET_HEAD, ID, listOf, pageOfShape, shape } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const STATE = shape({ id: as.id, state: as.text });
const WHAT_IF = shape({
  lines: listOf(shape({ providerId: as.id, name: as.text, amount: as.yuan, whatIf: as.yuan, difference: as.yuan })),
});

/** Annual budgets (年度总额预算). */
@ApiTags('payment')
@ApiBearerAuth()
@Controller('budgets')
export class BudgetsController {
  constructor(
    private readonly budgets: Budgets,
    private readonly approvals: Approvals,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Budgets with their versions, newest year first. */
  @Get()
  @ApiOkResponse({ schema: pageOfShape(shape(BUDGET_HEAD)) })
  async list(@CurrentActor() actor: Actor, @Query() query: BudgetListDto): Promise<Page<Json>> {
    const page = pageOf.query(query, 3);
    const rows = await this.transactions.read((tx) => viewBudgets(tx, actor, query, page));
    return pageOf.page(
      rows,
      page.limit,
      (row) => row.key,
      (row) => row.shown,
    );
  }

  /** Drafts the budget of a year from forecast income and history. */
  @Post()
  @ApiCreatedResponse({ schema: ID })
  async draft(@CurrentActor() actor: Actor, @Body() body: SchemeYearDto): Promise<Json> {
    return { id: await this.transactions.run((tx) => this.budgets.draft(tx, actor, body)) };
  }

  /** One version with set-asides, lines, quotas and traces. */
  @Get(':id')
  @ApiOkResponse({ schema: BUDGET })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.transactions.read(async (tx) => ({
      ...(await viewBudget(tx, actor, id)),
      timeline: await this.approvals.timeline(tx, { subjectKind: 'budget', subjectId: id }, actor.poolArea),
    }));
  }

  /** Publishes a draft for comment. */
  @Post(':id/publish')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  publish(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<Json> {
    return this.step(actor, id, (tx) => this.budgets.publish(tx, actor, id, this.clock.today()));
  }

  /** Sets or takes back a negotiated amount; the rest of the group is re-normalised. */
  @Put(':id/providers/:providerId')
  @ApiOkResponse({ schema: STATE })
  negotiate(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Param('providerId', ParseUUIDPipe) providerId: string,
    @Body() body: NegotiateDto,
  ): Promise<Json> {
    const amount = body.amount === undefined ? null : parseYuan(body.amount);
    return this.step(actor, id, (tx) =>
      this.budgets.negotiate(tx, actor, id, { providerId, amount, reason: body.reason }),
    );
  }

  @Post(':id/submit')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  submit(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() _body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, (tx) => this.budgets.submit(tx, actor, id));
  }

  /** Gives a submitted budget back with an opinion. */
  @Post(':id/return')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  return(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: ReturnDto): Promise<Json> {
    return this.step(actor, id, (tx) => this.budgets.return(tx, actor, id, body.opinion));
  }

  /** Approves as a second person and brings into force. */
  @Post(':id/approve')
  @HttpCode(200)
  @ApiOkResponse({ schema: STATE })
  approve(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() _body: OpinionDto,
  ): Promise<Json> {
    return this.step(actor, id, (tx) => this.budgets.approve(tx, actor, id, this.clock.today()));
  }

  /** Starts a new version of the budget in force, with a reason. */
  @Post(':id/adjust')
  @ApiCreatedResponse({ schema: ID })
  async adjust(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: ReasonDto,
  ): Promise<Json> {
    return { id: await this.transactions.run((tx) => this.budgets.adjust(tx, actor, id, body.reason)) };
  }

  /** The same computation with other figures, writing nothing: the difference of every provider. */
  @Post(':id/what-if')
  @HttpCode(200)
  @ApiOkResponse({ schema: WHAT_IF })
  async whatIf(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: BudgetWhatIfDto,
  ): Promise<Json> {
    const change = {
      income: body.income === undefined ? undefined : parseYuan(body.income),
      growth: body.growth === undefined ? undefined : rate(body.growth),
      reserveRate: body.reserveRate === undefined ? undefined : rate(body.reserveRate),
      negotiated: new Map((body.negotiated ?? []).map((line) => [line.providerId, parseYuan(line.amount)])),
    };
    const lines = await this.transactions.read((tx) => this.budgets.whatIf(tx, actor, id, change));
    return {
      lines: lines.map((line) => ({
        providerId: line.providerId,
        name: line.name,
        amount: yuanText(line.amount),
        whatIf: yuanText(line.whatIf),
        difference: yuanText((line.whatIf - line.amount) as typeof line.amount),
      })),
    };
  }

  private step(actor: Actor, id: string, work: (tx: Tx) => Promise<void>): Promise<Json> {
    return this.transactions.run(async (tx) => {
      await work(tx);
      const { state } = await viewBudget(tx, actor, id);
      return { id, state };
    });
  }
}
