import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, DayField, TextField } from '../../common/http/index.js';
import { INSURED_TYPES, type InsuredType, type Scheme, SCHEMES } from '../domain/coverage.js';

export class StartCoverageDto {
  @ChoiceField(SCHEMES)
  scheme: Scheme;

  @ChoiceField([...INSURED_TYPES['310'], ...INSURED_TYPES['390']])
  insuredType: InsuredType;

  @DayField()
  from: string;

  @DayField({ optional: true, about: 'first day without coverage; left out = until ended' })
  to?: string;

  @DayField({ optional: true, about: 'first day with benefits (after a waiting period); left out = from' })
  benefitsFrom?: string;
}

export class EndCoverageDto {
  @DayField({ about: 'first day without coverage' })
  on: string;

  @TextField({ min: 2, max: 200 })
  reason: string;
}

export class CoverageReasonDto {
  @TextField({ min: 2, max: 200 })
  reason: string;
}

export class CoverageDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  personId: string;

  @ApiProperty({ enum: SCHEMES })
  scheme: string;

  @ApiProperty({ enum: ['active', 'suspended'] })
  status: string;

  @ApiProperty()
  insuredType: string;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  to: string | null;

  @ApiProperty({ format: 'date' })
  benefitsFrom: string;
}
