import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DayField,
  IdField,
  IntegerField,
  NestedField,
  PageQueryDto,
  TextField,
} from '../../common/http/index.js';

const METHODS = ['global-budget', 'quota', 'bed-day', 'capitation', 'drg', 'dip', 'as-billed'];

export class AgreementListDto extends PageQueryDto {
  @IdField({ optional: true })
  institutionId?: string;

  @DayField({ optional: true, about: 'only agreements that hold on this day' })
  on?: string;
}

/** Payment method of each clearing category. */
export class PaymentMethodsDto {
  @ChoiceField(METHODS, { optional: true })
  outpatient?: string;

  @ChoiceField(METHODS, { optional: true })
  chronic?: string;

  @ChoiceField(METHODS, { optional: true })
  inpatient?: string;

  @ChoiceField(METHODS, { optional: true })
  pharmacy?: string;
}

export class DraftAgreementDto {
  @IdField()
  institutionId: string;

  @TextField({ max: 60 })
  agreementNo: string;

  @DayField()
  from: string;

  @DayField({ about: 'first day without the agreement' })
  to: string;

  @NestedField(() => PaymentMethodsDto)
  paymentMethod: PaymentMethodsDto;

  @TextField({ max: 6, pattern: /^0(\.\d{1,4})?$/, about: 'share withheld as quality deposit, e.g. "0.05"' })
  depositRate: string;
}

export class SuspendAgreementDto {
  @DayField()
  from: string;

  @IntegerField({ min: 1, max: 180, optional: true, about: 'length in days; left out = 180' })
  days?: number;

  @TextField({ min: 2, max: 200 })
  reason: string;
}

export class AgreementStepDto {
  @DayField({ about: 'first day on which it holds' })
  on: string;

  @TextField({ min: 2, max: 200 })
  reason: string;
}

export class SuspensionDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ format: 'date', description: 'first day after it' })
  to: string;

  @ApiProperty()
  reason: string;
}

export class AgreementDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  institutionId: string;

  @ApiProperty()
  institutionName: string;

  @ApiProperty()
  agreementNo: string;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ format: 'date' })
  to: string;

  @ApiProperty({ enum: ['draft', 'in-force', 'suspended', 'terminated', 'expired'], description: 'as of today' })
  state: string;

  @ApiProperty({ type: String, nullable: true })
  stateReason: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  paymentMethod: Readonly<Record<string, string>>;

  @ApiProperty({ example: '0.0500' })
  depositRate: string;

  @ApiProperty()
  createdBy: string;

  @ApiProperty({ type: String, nullable: true })
  signedBy: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  signedOn: string | null;

  @ApiProperty({ type: [SuspensionDto] })
  suspensions: readonly SuspensionDto[];
}

export class AgreementPageDto {
  @ApiProperty({ type: [AgreementDto] })
  items: AgreementDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}
