import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IdField, IntegerField, ListField, PageQueryDto, TextField } from '../common/http/index.js';

const STATES = ['waiting', 'running', 'done', 'failed'];
const KIND = /^[a-z][a-z-]*(\.[a-z-]+)*$/;

export class JobQueryDto extends PageQueryDto {
  @TextField({ max: 60, pattern: KIND, optional: true })
  kind?: string;

  @ChoiceField(STATES, { optional: true })
  state?: string;

  @TextField({ max: 14, optional: true, about: 'e.g. 2026-10' })
  period?: string;
}

export class StartJobDto {
  @TextField({ max: 60, pattern: KIND })
  kind: string;

  @TextField({ min: 4, max: 14, about: 'YYYY, YYYY-MM or YYYY-MM-DD; .2, .3 … for a further run of the same period' })
  period: string;
}

export class JobFaultDto {
  @ApiProperty({ type: 'string', nullable: true })
  code: string | null;

  @TextField({ max: 2000 })
  message: string;
}

export class JobRunDto {
  @IdField()
  id: string;

  @TextField({ max: 60 })
  kind: string;

  @TextField({ max: 12 })
  area: string;

  @TextField({ max: 14 })
  period: string;

  @ChoiceField(STATES)
  state: string;

  @IntegerField({ min: 0, max: 1_000_000, about: 'how often a worker took it up' })
  attempts: number;

  @ApiProperty({ type: 'integer', nullable: true })
  unitsPlanned: number | null;

  @IntegerField({ min: 0, max: 10_000_000 })
  unitsDone: number;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  result: object | null;

  @ApiProperty({ type: () => JobFaultDto, nullable: true })
  error: JobFaultDto | null;

  @TextField({ max: 60 })
  createdBy: string;

  @TextField({ max: 40 })
  createdAt: string;

  @ApiProperty({ type: 'string', nullable: true })
  startedAt: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  finishedAt: string | null;
}

export class JobPageDto {
  @ListField(() => JobRunDto, { max: 200 })
  items: JobRunDto[];

  @ApiProperty({ type: 'string', nullable: true })
  nextCursor: string | null;
}
