import { Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DomainError } from '../common/errors/index.js';
import { attachment, type Page } from '../common/http/index.js';
import { type Actor, CurrentActor } from '../identity/index.js';
import { AnchorDto, type AuditEventDto, AuditPageDto, AuditQueryDto, ChainStateDto } from './audit.dto.js';
import { ChainState } from './chain-state.js';
import { auditRoomErrors } from './errors.js';
import { AuditTrailService } from './trail.service.js';

const NUMBER = /^[1-9]\d{0,17}$/;

/** The record as an auditor reads it. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller()
export class AuditController {
  constructor(
    private readonly trail: AuditTrailService,
    private readonly chain: ChainState,
  ) {}

  /** The audit trail, newest first. */
  @Get('audit-events')
  @ApiOkResponse({ type: AuditPageDto })
  events(@CurrentActor() actor: Actor, @Query() query: AuditQueryDto): Promise<Page<AuditEventDto>> {
    return this.trail.list(actor, query);
  }

  /** What the same filters find, as CSV; at most 20 000 events. */
  @Get('audit-events/export.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', attachment('audit-events.csv'))
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  csv(@CurrentActor() actor: Actor, @Query() query: AuditQueryDto): Promise<string> {
    return this.trail.csv(actor, query);
  }

  /** How far the hash chains reach, when they were last verified, and the last anchor. */
  @Get('audit-chain')
  @ApiOkResponse({ type: ChainStateDto })
  state(@CurrentActor() actor: Actor): Promise<ChainStateDto> {
    return this.chain.state(actor);
  }

  /** The anchors, newest first. */
  @Get('audit-anchors')
  @ApiOkResponse({ type: [AnchorDto] })
  anchors(@CurrentActor() actor: Actor): Promise<AnchorDto[]> {
    return this.chain.list(actor);
  }

  /** Makes an anchor of the chains as they are now. */
  @Post('audit-anchors')
  @HttpCode(201)
  @ApiCreatedResponse({ type: AnchorDto })
  make(@CurrentActor() actor: Actor): Promise<AnchorDto> {
    return this.chain.make(actor);
  }

  /** All anchors as a file, one signed line each; keep it where whoever owns the database cannot reach it. */
  @Get('audit-anchors/anchors.ndjson')
  @Header('content-type', 'application/x-ndjson; charset=utf-8')
  @Header('content-disposition', attachment('anchors.ndjson'))
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string' } } } })
  lines(@CurrentActor() actor: Actor): Promise<string> {
    return this.chain.lines(actor);
  }

  /** One anchor as a sheet of paper. */
  @Get('audit-anchors/:seq/sheet.txt')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('content-disposition', attachment('anchor.txt'))
  @ApiOkResponse({ content: { 'text/plain': { schema: { type: 'string' } } } })
  sheet(@CurrentActor() actor: Actor, @Param('seq') seq: string): Promise<string> {
    if (!NUMBER.test(seq)) throw new DomainError(auditRoomErrors['anchor-not-found']);
    return this.chain.sheet(actor, seq);
  }
}
