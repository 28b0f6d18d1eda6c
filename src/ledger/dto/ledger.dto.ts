import { ApiProperty } from '@nestjs/swagger';
import {
  AmountField,
  ChoiceField,
  DayField,
  IdField,
  IntegerField,
  ListField,
  MonthField,
  PageQueryDto,
  TextField,
} from '../../common/http/index.js';

const SCHEMES = ['310', '390'];
const NATURES = ['asset', 'liability', 'equity', 'income', 'expense'];

export class TrialBalanceQueryDto {
  @ChoiceField(SCHEMES, { optional: true, about: 'one scheme; all when absent' })
  scheme?: string;

  @MonthField({ optional: true, about: 'the last month that counts' })
  upTo?: string;
}

export class JournalQueryDto extends PageQueryDto {
  @MonthField({ about: 'the period whose journals are listed' })
  period: string;

  @ChoiceField(SCHEMES, { optional: true })
  scheme?: string;

  @TextField({ max: 40, pattern: /^[a-z][a-z-]*$/, optional: true })
  sourceKind?: string;

  @TextField({ max: 100, optional: true, about: 'id of the event that was posted' })
  sourceId?: string;
}

export class PeriodQueryDto {
  @ChoiceField(SCHEMES, { optional: true })
  scheme?: string;
}

export class ClosePeriodDto {
  @ChoiceField(SCHEMES)
  scheme: string;

  @MonthField({ about: 'a month that is over' })
  period: string;
}

export class AccountBalanceDto {
  @TextField({ max: 4 })
  account: string;

  @TextField({ max: 40 })
  nameZh: string;

  @TextField({ max: 60 })
  nameEn: string;

  @ChoiceField(NATURES)
  nature: string;

  @AmountField()
  debit: string;

  @AmountField()
  credit: string;

  @AmountField({ negative: true, about: 'debit − credit' })
  balance: string;
}

export class TrialBalanceDto {
  @TextField({ max: 6 })
  poolArea: string;

  @ApiProperty({ type: 'string', nullable: true })
  scheme: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  upTo: string | null;

  @AmountField({ negative: true, about: 'Σ of all balances; anything but "0.00" is a fault' })
  outOfBalance: string;

  @ListField(() => AccountBalanceDto, { max: 1000 })
  accounts: AccountBalanceDto[];
}

export class JournalHeadDto {
  @IdField()
  id: string;

  @MonthField()
  period: string;

  @ChoiceField(SCHEMES)
  scheme: string;

  @DayField()
  postedOn: string;

  @TextField({ max: 40 })
  sourceKind: string;

  @TextField({ max: 100 })
  sourceId: string;

  @TextField({ max: 200, min: 0 })
  memo: string;

  @IntegerField({ min: 1, max: 32_767 })
  lineCount: number;

  @AmountField()
  total: string;

  @TextField({ max: 60 })
  postedBy: string;

  @TextField({ max: 40 })
  createdAt: string;
}

export class JournalLineDto {
  @TextField({ max: 4 })
  debit: string;

  @TextField({ max: 4 })
  credit: string;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'provider or person on the debit side' })
  debitParty: string | null;

  @ApiProperty({ type: 'string', format: 'uuid', nullable: true, description: 'provider or person on the credit side' })
  creditParty: string | null;

  @AmountField()
  amount: string;
}

export class JournalDto extends JournalHeadDto {
  @ListField(() => JournalLineDto, { max: 32_767 })
  lines: JournalLineDto[];
}

export class JournalPageDto {
  @ListField(() => JournalHeadDto, { max: 200 })
  items: JournalHeadDto[];

  @ApiProperty({ type: 'string', nullable: true })
  nextCursor: string | null;
}

export class PeriodDto {
  @ChoiceField(SCHEMES)
  scheme: string;

  @MonthField()
  period: string;

  @TextField({ max: 60 })
  closedBy: string;

  @TextField({ max: 40 })
  closedAt: string;

  @IntegerField({ min: 0, max: 2_000_000_000 })
  journalCount: number;

  @IntegerField({ min: 0, max: 2_000_000_000 })
  lineCount: number;

  @AmountField()
  total: string;

  @TextField({ max: 64, about: 'SHA-256 over every journal and line of the period' })
  contentHash: string;
}
