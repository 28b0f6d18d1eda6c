import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { type Page, pageOf } from '../common/http/index.js';
import { Clock, parseLocalDate } from '../common/time/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { type Agreement, Agreements } from './agreements.service.js';
import { shownState } from './domain/agreement.js';
import {
  AgreementDto,
  AgreementListDto,
  AgreementPageDto,
  AgreementStepDto,
  DraftAgreementDto,
  SuspendAgreementDto,
} from './dto/agreement.dto.js';
import { IdDto } from './dto/institution.dto.js';

@ApiTags('providers')
@ApiBearerAuth()
@Controller('agreements')
export class AgreementsController {
  constructor(
    private readonly agreements: Agreements,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** Service agreements by number. */
  @Get()
  @ApiOkResponse({ type: AgreementPageDto })
  async list(@CurrentActor() actor: Actor, @Query() query: AgreementListDto): Promise<Page<AgreementDto>> {
    const page = pageOf.query(query, 1);
    const filter = {
      ...(query.institutionId === undefined ? {} : { institutionId: query.institutionId }),
      ...(query.on === undefined ? {} : { on: parseLocalDate(query.on) }),
    };
    const rows = await this.transactions.read((tx) => this.agreements.list(tx, actor, filter, page));
    return pageOf.page(
      rows,
      page.limit,
      (row) => [row.agreementNo],
      (row) => this.shown(row),
    );
  }

  @Post()
  @ApiCreatedResponse({ type: IdDto })
  async draft(@CurrentActor() actor: Actor, @Body() body: DraftAgreementDto): Promise<IdDto> {
    const input = {
      institutionId: body.institutionId,
      agreementNo: body.agreementNo,
      from: parseLocalDate(body.from),
      to: parseLocalDate(body.to),
      paymentMethod: Object.fromEntries(
        Object.entries(body.paymentMethod).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
      depositRate: body.depositRate,
    };
    return { id: await this.transactions.run((tx) => this.agreements.draft(tx, actor, input)) };
  }

  @Get(':id')
  @ApiOkResponse({ type: AgreementDto })
  async get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<AgreementDto> {
    return this.shown(await this.transactions.read((tx) => this.agreements.get(tx, actor, id)));
  }

  /** Signs a draft. Another person than the one who drafted it. */
  @Post(':id/sign')
  @HttpCode(204)
  @ApiNoContentResponse()
  async sign(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.transactions.run((tx) => this.agreements.sign(tx, actor, id));
  }

  @Post(':id/suspend')
  @HttpCode(204)
  @ApiNoContentResponse()
  async suspend(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: SuspendAgreementDto,
  ): Promise<void> {
    const input = {
      from: parseLocalDate(body.from),
      reason: body.reason,
      ...(body.days === undefined ? {} : { days: body.days }),
    };
    await this.transactions.run((tx) => this.agreements.suspend(tx, actor, id, input));
  }

  @Post(':id/resume')
  @HttpCode(204)
  @ApiNoContentResponse()
  async resume(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AgreementStepDto,
  ): Promise<void> {
    const input = { on: parseLocalDate(body.on), reason: body.reason };
    await this.transactions.run((tx) => this.agreements.resume(tx, actor, id, input));
  }

  @Post(':id/terminate')
  @HttpCode(204)
  @ApiNoContentResponse()
  async terminate(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: AgreementStepDto,
  ): Promise<void> {
    const input = { on: parseLocalDate(body.on), reason: body.reason };
    await this.transactions.run((tx) => this.agreements.terminate(tx, actor, id, input));
  }

  private shown(agreement: Agreement): AgreementDto {
    return { ...agreement, state: shownState(agreement.state, agreement, agreement.suspensions, this.clock.today()) };
  }
}
