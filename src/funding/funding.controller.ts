import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Idempotent } from '../identity/index.js';
import {
  FundIncomeDto,
  IncomeQueryDto,
  MoveFundsDto,
  RecordedDto,
  RecordReceiptDto,
  SetForecastDto,
} from './dto/funding.dto.js';
import { FundingService } from './funding.service.js';

@ApiTags('funding')
@ApiBearerAuth()
@Controller()
export class FundingController {
  constructor(private readonly funding: FundingService) {}

  /** Forecast income by source, with what was received. */
  @Get('fund-incomes')
  @ApiOkResponse({ type: [FundIncomeDto] })
  list(@CurrentActor() actor: Actor, @Query() query: IncomeQueryDto): Promise<FundIncomeDto[]> {
    return this.funding.list(actor, query);
  }

  /** Sets the forecast of one source in a year. */
  @Post('fund-incomes')
  @HttpCode(200)
  @ApiOkResponse({ type: FundIncomeDto })
  setForecast(@CurrentActor() actor: Actor, @Body() body: SetForecastDto): Promise<FundIncomeDto> {
    return this.funding.setForecast(actor, body);
  }

  /** Records money that came: posts Dr 1001 Cr 4001–4004. */
  @Post('fund-incomes/:id/receipts')
  @Idempotent()
  @ApiCreatedResponse({ type: RecordedDto })
  receive(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: RecordReceiptDto,
  ): Promise<RecordedDto> {
    return this.funding.receive(actor, id, body);
  }

  /** Moves money between the income, fiscal and expenditure accounts. */
  @Post('fund-transfers')
  @Idempotent()
  @ApiCreatedResponse({ type: RecordedDto })
  transfer(@CurrentActor() actor: Actor, @Body() body: MoveFundsDto): Promise<RecordedDto> {
    return this.funding.transfer(actor, body);
  }
}
