import { ApiProperty } from '@nestjs/swagger';

const SCHEME = { type: String, nullable: true, enum: ['310', '390'] } as const;

export class TodoDto {
  @ApiProperty({ example: 'month-settlement' })
  kind: string;

  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty(SCHEME)
  scheme: string | null;

  @ApiProperty({ description: 'month, year or file name', example: '2026-10' })
  period: string;

  @ApiProperty({ example: 'submitted' })
  state: string;

  @ApiProperty({ type: String, nullable: true, example: '7595.62', description: 'yuan' })
  amount: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  since: string | null;
}

export class WarningDto {
  @ApiProperty({ enum: ['over-budget', 'over-progress', 'failed-job'] })
  code: string;

  @ApiProperty(SCHEME)
  scheme: string | null;

  @ApiProperty({ description: 'name of the institution, or of the job' })
  subject: string;

  @ApiProperty({ type: String, nullable: true, description: 'yuan used of the budget' })
  used: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'yuan of annual budget' })
  budget: string | null;
}

export class KeyFigureDto {
  @ApiProperty({ example: 'fund-year' })
  code: string;

  @ApiProperty(SCHEME)
  scheme: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'yuan' })
  amount: string | null;

  @ApiProperty({ type: Number, nullable: true })
  count: number | null;
}

export class ClosedMonthDto {
  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty({ type: String, nullable: true, example: '2026-09' })
  month: string | null;
}

export class WorkplaceDto {
  @ApiProperty({ format: 'date-time' })
  asOf: string;

  @ApiProperty({ type: [ClosedMonthDto] })
  closedMonths: ClosedMonthDto[];

  @ApiProperty({ type: [TodoDto] })
  todo: TodoDto[];

  @ApiProperty({ type: [KeyFigureDto] })
  figures: KeyFigureDto[];

  @ApiProperty({ type: [WarningDto] })
  warnings: WarningDto[];
}
