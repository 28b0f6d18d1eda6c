import { ApiProperty } from '@nestjs/swagger';
import { AmountField, ChoiceField, DayField, IdField, IntegerField, TextField } from '../../common/http/index.js';
import { INCOME_KINDS, type IncomeKind, type Tier, TIERS } from '../domain/income.js';

const SCHEMES = ['310', '390'];
const TRANSFER_ACCOUNTS = ['1001', '1002', '1003'];
const YEAR = { min: 2000, max: 2099 } as const;

export class IncomeQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: string;

  @IntegerField({ ...YEAR, optional: true, fromText: true })
  year?: number;
}

export class SetForecastDto {
  @ChoiceField(SCHEMES)
  scheme: string;

  @IntegerField(YEAR)
  year: number;

  @ChoiceField(INCOME_KINDS)
  kind: IncomeKind;

  @ChoiceField(TIERS, { about: 'who pays a subsidy; none for other income' })
  tier: Tier;

  @AmountField()
  forecast: string;

  @TextField({ max: 500, min: 0, optional: true, about: 'what the figure rests on' })
  basis?: string;

  @IntegerField({ min: 0, max: 1_000_000, about: 'the version that was read; 0 for a new row' })
  version: number;
}

export class RecordReceiptDto {
  @DayField()
  receivedOn: string;

  @AmountField()
  amount: string;

  @TextField({ max: 60, about: 'number of the bank voucher; recorded once' })
  reference: string;
}

export class MoveFundsDto {
  @ChoiceField(SCHEMES)
  scheme: string;

  @ChoiceField(TRANSFER_ACCOUNTS)
  from: string;

  @ChoiceField(TRANSFER_ACCOUNTS)
  to: string;

  @DayField()
  movedOn: string;

  @AmountField()
  amount: string;

  @TextField({ max: 60, about: 'number of the bank voucher; recorded once' })
  reference: string;
}

export class FundIncomeDto {
  @IdField()
  id: string;

  @ChoiceField(SCHEMES)
  scheme: string;

  @IntegerField(YEAR)
  year: number;

  @ChoiceField(INCOME_KINDS)
  kind: IncomeKind;

  @ChoiceField(TIERS)
  tier: Tier;

  @AmountField()
  forecast: string;

  @AmountField()
  received: string;

  @TextField({ max: 500, min: 0 })
  basis: string;

  @IntegerField({ min: 1, max: 1_000_000 })
  version: number;
}

export class RecordedDto {
  @ApiProperty({ type: 'string', format: 'uuid' })
  id: string;
}
