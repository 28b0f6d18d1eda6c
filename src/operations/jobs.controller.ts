import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { JobPageDto, JobQueryDto, JobRunDto, StartJobDto } from './dto.js';
import { Operations } from './operations.service.js';

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(private readonly operations: Operations) {}

  /** Runs of jobs, newest first. */
  @Get()
  @ApiOkResponse({ type: JobPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: JobQueryDto): Promise<Page<JobRunDto>> {
    return this.operations.list(actor, query);
  }

  /** One run: how far it is, its result or what went wrong. */
  @Get(':id')
  @ApiOkResponse({ type: JobRunDto })
  get(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<JobRunDto> {
    return this.operations.get(actor, id);
  }

  /** Starts a job for the pool, or shows the run that is there: a period is done once, however often this is called. */
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({ type: JobRunDto })
  start(@CurrentActor() actor: Actor, @Body() body: StartJobDto): Promise<JobRunDto> {
    return this.operations.start(actor, body);
  }
}
