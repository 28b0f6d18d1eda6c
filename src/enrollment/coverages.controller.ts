import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Transactions } from '../common/db/index.js';
import { parseLocalDate } from '../common/time/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { Coverages } from './coverages.service.js';
import { CoverageDto, CoverageReasonDto, EndCoverageDto, StartCoverageDto } from './dto/coverage.dto.js';
import { CreatedDto } from './dto/person.dto.js';

@ApiTags('enrolment')
@ApiBearerAuth()
@Controller('persons/:id/coverages')
export class CoveragesController {
  constructor(
    private readonly coverages: Coverages,
    private readonly transactions: Transactions,
  ) {}

  /** The coverage history of a person, newest first. */
  @Get()
  @ApiOkResponse({ type: [CoverageDto] })
  list(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<CoverageDto[]> {
    return this.transactions.run((tx) => this.coverages.ofPerson(tx, actor, id));
  }

  @Post()
  @ApiCreatedResponse({ type: CreatedDto })
  async start(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: StartCoverageDto,
  ): Promise<CreatedDto> {
    const request = {
      scheme: body.scheme,
      insuredType: body.insuredType,
      from: parseLocalDate(body.from),
      to: body.to === undefined ? null : parseLocalDate(body.to),
      ...(body.benefitsFrom === undefined ? {} : { benefitsFrom: parseLocalDate(body.benefitsFrom) }),
    };
    return { id: await this.transactions.run((tx) => this.coverages.cover(tx, actor, id, request)) };
  }

  @Post(':coverageId/end')
  @HttpCode(204)
  @ApiNoContentResponse()
  async end(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) personId: string,
    @Param('coverageId', ParseUUIDPipe) id: string,
    @Body() body: EndCoverageDto,
  ): Promise<void> {
    const on = parseLocalDate(body.on);
    await this.transactions.run((tx) => this.coverages.end(tx, actor, { personId, id }, on, body.reason));
  }

  @Post(':coverageId/suspend')
  @HttpCode(204)
  @ApiNoContentResponse()
  async suspend(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) personId: string,
    @Param('coverageId', ParseUUIDPipe) id: string,
    @Body() body: CoverageReasonDto,
  ): Promise<void> {
    await this.transactions.run((tx) =>
      this.coverages.setStatus(tx, actor, { personId, id }, 'suspended', body.reason),
    );
  }

  @Post(':coverageId/resume')
  @HttpCode(204)
  @ApiNoContentResponse()
  async resume(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) personId: string,
    @Param('coverageId', ParseUUIDPipe) id: string,
    @Body() body: CoverageReasonDto,
  ): Promise<void> {
    await this.transactions.run((tx) => this.coverages.setStatus(tx, actor, { personId, id }, 'active', body.reason));
  }
}
