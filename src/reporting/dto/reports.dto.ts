import { ApiProperty } from '@nestjs/swagger';
import { IntegerField } from '../../common/http/index.js';

const percent = { type: String, nullable: true, example: '11.34', description: 'percent' } as const;
const amount = { type: String, nullable: true, example: '7595.62', description: 'yuan' } as const;

export class YearTableQueryDto {
  @IntegerField({ min: 2000, max: 2099, optional: true, fromText: true, about: 'left out = this year' })
  year?: number;
}

export class YearRowDto {
  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty()
  year: number;

  @ApiProperty({ description: 'whole-city, city-level; an area code; a level; a clearing category' })
  key: string;

  @ApiProperty({ type: String, nullable: true, description: 'name of the county' })
  name: string | null;

  @ApiProperty({ description: 'settlements, net of reversals' })
  bills: number;

  @ApiProperty({ example: '7595.62' })
  totalCost: string;

  @ApiProperty({ ...percent, description: 'against the same months of the year before' })
  totalGrowth: string | null;

  @ApiProperty({ example: '5117.43' })
  fund: string;

  @ApiProperty({ ...percent, description: 'against the same months of the year before' })
  fundGrowth: string | null;

  @ApiProperty({ ...percent, description: 'in-scope part of the cost' })
  inScopeShare: string | null;

  @ApiProperty({ ...percent, description: 'part of the in-scope cost that funds paid' })
  fundShare: string | null;
}

export class ClosedMonthDto {
  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-09' })
  month: string | null;
}

export class YearTableDto {
  @ApiProperty({ description: 'instant of the figures' })
  asOf: string;

  @ApiProperty()
  year: number;

  @ApiProperty({ example: '2026-10', description: 'last month that is counted' })
  through: string;

  @ApiProperty({ type: [ClosedMonthDto], description: 'newest month of the year that is closed' })
  closedThrough: ClosedMonthDto[];

  @ApiProperty({ type: [YearRowDto], description: 'whole city and city level' })
  scopes: YearRowDto[];

  @ApiProperty({ type: [YearRowDto] })
  counties: YearRowDto[];

  @ApiProperty({ type: [YearRowDto] })
  levels: YearRowDto[];

  @ApiProperty({ type: [YearRowDto] })
  categories: YearRowDto[];
}

export class TodoDto {
  @ApiProperty({ enum: ['month-settlement', 'clearing', 'budget', 'payment-order', 'deduction', 'readmission'] })
  kind: string;

  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  scheme: string | null;

  @ApiProperty({ description: 'month, year or number' })
  period: string;

  @ApiProperty()
  state: string;

  @ApiProperty(amount)
  amount: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  since: string | null;
}

export class WarningDto {
  @ApiProperty({ enum: ['over-budget', 'over-progress', 'failed-job'] })
  code: string;

  @ApiProperty({ type: String, nullable: true })
  scheme: string | null;

  @ApiProperty()
  subject: string;

  @ApiProperty(amount)
  used: string | null;

  @ApiProperty(amount)
  budget: string | null;
}

export class KeyFigureDto {
  @ApiProperty({
    enum: ['insured', 'providers', 'bills-month', 'fund-month', 'fund-year', 'orders-open', 'balance'],
  })
  code: string;

  @ApiProperty({ type: String, nullable: true })
  scheme: string | null;

  @ApiProperty(amount)
  amount: string | null;

  @ApiProperty({ type: Number, nullable: true })
  count: number | null;
}

export class WorkplaceDto {
  @ApiProperty({ description: 'instant of the figures' })
  asOf: string;

  @ApiProperty({ type: [ClosedMonthDto] })
  closedMonths: readonly ClosedMonthDto[];

  @ApiProperty({ type: [TodoDto] })
  todo: TodoDto[];

  @ApiProperty({ type: [KeyFigureDto] })
  figures: KeyFigureDto[];

  @ApiProperty({ type: [WarningDto] })
  warnings: WarningDto[];
}
