import { ApiProperty } from '@nestjs/swagger';
import { IntegerField } from '../../common/http/index.js';

const growth = { type: String, nullable: true, example: '11.34' } as const;
const income = { type: String, nullable: true, example: '7595.62' } as const;
const yuan = { example: '7595.62' } as const;

export class YearsQueryDto {
  @IntegerField({
    min: 2000,
    max: 2099,
    optional: true,
    fromText: true,
    about: 'first year; left out = the first with bills',
  })
  from?: number;

  @IntegerField({ min: 2000, max: 2099, optional: true, fromText: true, about: 'last year; left out = this year' })
  to?: number;
}

export class YearsRowDto {
  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty()
  year: number;

  @ApiProperty({ enum: ['whole-city', 'city-level'] })
  part: string;

  @ApiProperty({ description: 'months that are counted; 12, or fewer of the year that is not over' })
  months: number;

  @ApiProperty({ description: 'insured on the last day that is counted' })
  heads: number;

  @ApiProperty({ ...growth, description: 'percent, against the end of the year before' })
  headsGrowth: string | null;

  @ApiProperty({ ...income, description: 'yuan that the fund received; null by district, and for users of a county' })
  income: string | null;

  @ApiProperty({ ...growth, description: 'percent, against the same months of the year before' })
  incomeGrowth: string | null;

  @ApiProperty({ description: 'settlements, net of reversals' })
  bills: number;

  @ApiProperty(yuan)
  totalCost: string;

  @ApiProperty({ ...growth, description: 'percent, against the same months of the year before' })
  totalGrowth: string | null;

  @ApiProperty(yuan)
  fund: string;

  @ApiProperty({ ...growth, description: 'percent, against the same months of the year before' })
  fundGrowth: string | null;

  @ApiProperty({ ...income, description: 'income − fund payments' })
  surplus: string | null;

  @ApiProperty({ ...income, description: 'total cost per insured' })
  costPerHead: string | null;
}

export class YearsDto {
  @ApiProperty({ description: 'instant of the figures' })
  asOf: string;

  @ApiProperty({ example: '2026-10', description: 'last month that is counted' })
  through: string;

  @ApiProperty({ type: [YearsRowDto], description: 'by scheme and part, newest year first' })
  rows: YearsRowDto[];
}
