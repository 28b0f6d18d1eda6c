import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { type Actor, CurrentActor, Idempotent } from '../identity/index.js';
import {
  ClosePeriodDto,
  JournalDto,
  type JournalHeadDto,
  JournalPageDto,
  JournalQueryDto,
  PeriodDto,
  PeriodQueryDto,
  TrialBalanceDto,
  TrialBalanceQueryDto,
} from './dto/ledger.dto.js';
import { LedgerReader } from './ledger-reader.js';

@ApiTags('ledger')
@ApiBearerAuth()
@Controller('ledger')
export class LedgerController {
  constructor(private readonly reader: LedgerReader) {}

  /** Turnover and balance of every account, to the end of a month. */
  @Get('trial-balance')
  @ApiOkResponse({ type: TrialBalanceDto })
  trialBalance(@CurrentActor() actor: Actor, @Query() query: TrialBalanceQueryDto): Promise<TrialBalanceDto> {
    return this.reader.trialBalance(actor, query);
  }

  /** Journals of a month in the order of posting. */
  @Get('journals')
  @ApiOkResponse({ type: JournalPageDto })
  journals(@CurrentActor() actor: Actor, @Query() query: JournalQueryDto): Promise<Page<JournalHeadDto>> {
    return this.reader.journals(actor, query);
  }

  /** One journal with its lines. */
  @Get('journals/:id')
  @ApiOkResponse({ type: JournalDto })
  journal(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<JournalDto> {
    return this.reader.journal(actor, id);
  }

  /** Closed periods with their seals, newest first. */
  @Get('periods')
  @ApiOkResponse({ type: [PeriodDto] })
  periods(@CurrentActor() actor: Actor, @Query() query: PeriodQueryDto): Promise<PeriodDto[]> {
    return this.reader.periods(actor, query);
  }

  /** Closes a month that is over, for good. Closing it again gives the seal it has. */
  @Post('periods/close')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: PeriodDto })
  close(@CurrentActor() actor: Actor, @Body() body: ClosePeriodDto): Promise<PeriodDto> {
    return this.reader.close(actor, body);
  }
}
