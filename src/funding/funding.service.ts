import { Injectable } from '@nestjs/common';
import { Transactions } from '../common/db/index.js';
import { parseYuan, yuanText } from '../common/money/index.js';
import { parseLocalDate } from '../common/time/index.js';
import type { Actor } from '../identity/index.js';
import type {
  FundIncomeDto,
  IncomeQueryDto,
  MoveFundsDto,
  RecordedDto,
  RecordReceiptDto,
  SetForecastDto,
} from './dto/funding.dto.js';
import { type FundIncome, Funding } from './funding.js';

/** The use cases behind the pages of the fund: one transaction each. */
@Injectable()
export class FundingService {
  constructor(
    private readonly funding: Funding,
    private readonly transactions: Transactions,
  ) {}

  async list(actor: Actor, query: IncomeQueryDto): Promise<FundIncomeDto[]> {
    const filter = { poolArea: actor.poolArea, scheme: query.scheme, year: query.year };
    return (await this.transactions.read((tx) => this.funding.list(tx, filter))).map(shown);
  }

  async setForecast(actor: Actor, body: SetForecastDto): Promise<FundIncomeDto> {
    const { scheme, year, kind, tier, basis = '', version } = body;
    const row = { scheme, year, kind, tier, basis, version, forecast: parseYuan(body.forecast) };
    return shown(await this.transactions.run((tx) => this.funding.setForecast(tx, row, actor)));
  }

  async receive(actor: Actor, incomeId: string, body: RecordReceiptDto): Promise<RecordedDto> {
    const receipt = {
      incomeId,
      receivedOn: parseLocalDate(body.receivedOn),
      amount: parseYuan(body.amount),
      reference: body.reference,
    };
    return { id: await this.transactions.run((tx) => this.funding.receive(tx, receipt, actor)) };
  }

  async transfer(actor: Actor, body: MoveFundsDto): Promise<RecordedDto> {
    const { scheme, from, to, reference } = body;
    const move = { scheme, from, to, reference, movedOn: parseLocalDate(body.movedOn), amount: parseYuan(body.amount) };
    return { id: await this.transactions.run((tx) => this.funding.transfer(tx, move, actor)) };
  }
}

function shown(income: FundIncome): FundIncomeDto {
  return { ...income, forecast: yuanText(income.forecast), received: yuanText(income.received) };
}
