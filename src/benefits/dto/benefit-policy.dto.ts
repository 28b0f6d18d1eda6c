import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, DayField, PageQueryDto } from '../../common/http/index.js';

export class BenefitPolicyQueryDto extends PageQueryDto {
  @ChoiceField(['310', '390'], { optional: true, about: '310 employee (职工), 390 resident (居民)' })
  scheme?: string;

  @DayField({ optional: true, about: 'only the policies in force on this day' })
  on?: string;
}

export class PolicyTitleDto {
  @ApiProperty()
  zh: string;

  @ApiProperty()
  en: string;
}

export class PolicySourceDto {
  @ApiProperty()
  name: string;

  @ApiProperty({ required: false })
  article?: string;

  @ApiProperty({ required: false })
  note?: string;
}

export class BenefitPolicyDto {
  @ApiProperty({ example: '331100-390-2026' })
  id: string;

  @ApiProperty({
    example: '331100-390-2026@0f3c1a2b4d5e6f70',
    description: 'stored with every settlement that used it',
  })
  version: string;

  @ApiProperty({ enum: ['310', '390'] })
  scheme: string;

  @ApiProperty({ format: 'date' })
  validFrom: string;

  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'first day no longer in force' })
  validTo: string | null;

  @ApiProperty()
  title: PolicyTitleDto;

  @ApiProperty({ type: [PolicySourceDto] })
  sources: PolicySourceDto[];
}

export class BenefitPolicyPageDto {
  @ApiProperty({ type: [BenefitPolicyDto] })
  items: BenefitPolicyDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class BenefitPolicyDetailDto extends BenefitPolicyDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'the whole policy, as the policy guide describes it',
  })
  document: object;
}
