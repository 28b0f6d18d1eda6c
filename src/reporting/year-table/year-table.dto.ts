import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IntegerField } from '../../common/http/index.js';

export const CUTS = ['scope', 'county', 'level', 'category'] as const;
export type Cut = (typeof CUTS)[number];

export class YearTableQueryDto {
  @ChoiceField(CUTS, { optional: true, about: 'what the table is cut by; scope = whole city and city level' })
  by?: Cut;

  @IntegerField({ min: 2000, max: 2099, optional: true, fromText: true, about: 'first year shown' })
  from?: number;
}

export class YearRowDto {
  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty({ description: 'whole-city, city-level, county code, level or category' })
  key: string;

  @ApiProperty({ description: 'name of the county; empty for the other cuts' })
  name: string;

  @ApiProperty()
  year: number;

  @ApiProperty()
  visits: number;

  @ApiProperty({ example: '7595.62', description: 'yuan' })
  total: string;

  @ApiProperty({ example: '5117.43', description: 'yuan' })
  fund: string;

  @ApiProperty({ example: '0.00', description: 'yuan' })
  account: string;

  @ApiProperty({ example: '2478.19', description: 'yuan' })
  cash: string;

  @ApiProperty({ type: String, nullable: true, example: '0.1134', description: 'growth of total, decimal' })
  totalGrowth: string | null;

  @ApiProperty({ type: String, nullable: true, example: '0.0836', description: 'growth of fund, decimal' })
  fundGrowth: string | null;

  @ApiProperty({ enum: ['full-year', 'same-months'] })
  basis: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-10' })
  comparedThrough: string | null;

  @ApiProperty({ description: 'months of the year that are closed (已结账)' })
  closedMonths: number;
}

export class YearTableDto {
  @ApiProperty({ format: 'date-time' })
  asOf: string;

  @ApiProperty({ enum: CUTS })
  by: string;

  @ApiProperty({ type: [YearRowDto] })
  rows: YearRowDto[];
}
