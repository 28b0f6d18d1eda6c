import { ChoiceField, DayField, IdField, PageQueryDto, ReasonField, TextField } from '../../common/http/index.js';
import { ApiProperty } from '@nestjs/swagger';
import { IDENTITY_MARKS, SCHEMES } from '../domain/coverage.js';

const AREA_CODE = /^\d{6}(\d{3}){0,2}$/;
const PHONE = /^\d{7,12}$/;

export class RegisterPersonDto {
  @IdField({ optional: true, about: "the caller's own id; left out, the server makes one" })
  id?: string;

  @TextField({ min: 18, max: 18, about: 'identity number; birth date and sex are read from it' })
  idNo: string;

  @TextField({ max: 200, about: 'name as the person writes it' })
  name: string;

  @TextField({ max: 12, min: 6, pattern: AREA_CODE, about: 'county (or below) that covers the person' })
  areaCode: string;

  @TextField({ max: 12, pattern: PHONE, optional: true })
  phone?: string;
}

export class ChangePersonDto {
  @TextField({ max: 12, pattern: PHONE, optional: true })
  phone?: string;

  @TextField({ max: 12, min: 6, pattern: AREA_CODE, optional: true })
  areaCode?: string;
}

export class PersonListDto extends PageQueryDto {
  @TextField({ max: 50, optional: true, about: 'part of the name' })
  name?: string;

  @TextField({ max: 12, min: 2, pattern: /^\d+$/, optional: true, about: 'area code or its leading digits' })
  areaCode?: string;

  @ChoiceField(SCHEMES, { optional: true, about: 'covered by this scheme today' })
  scheme?: '310' | '390';
}

/** A search by number travels in the body: identity numbers do not belong into addresses and their logs. */
export class SearchPersonsDto extends PersonListDto {
  @TextField({
    min: 18,
    max: 30,
    optional: true,
    about: 'the whole identity number; full-width characters are understood',
  })
  idNo?: string;
}

export class RevealDto {
  @ReasonField()
  reason: string;
}

export class AddMarkDto {
  @ChoiceField(IDENTITY_MARKS)
  mark: string;

  @DayField()
  from: string;

  @DayField({ optional: true, about: 'first day without the mark; left out = open' })
  to?: string;

  @TextField({ max: 200, optional: true, about: 'document that proves it' })
  evidence?: string;
}

export class PersonDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'masked', example: '331102********1234' })
  idNo: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: ['1', '2'], description: "'1' male, '2' female" })
  sex: string;

  @ApiProperty({
    description: 'the year; month and day are part of the number and masked with it',
    example: '1980-**-**',
  })
  birthDate: string;

  @ApiProperty()
  areaCode: string;

  @ApiProperty()
  areaName: string;

  @ApiProperty({ type: String, nullable: true, description: 'masked', example: '138****5678' })
  phone: string | null;

  @ApiProperty({ type: String, nullable: true, enum: SCHEMES, description: 'scheme of today' })
  scheme: string | null;

  @ApiProperty({ type: String, nullable: true })
  insuredType: string | null;
}

export class PersonPageDto {
  @ApiProperty({ type: [PersonDto] })
  items: PersonDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class MarkDto {
  @ApiProperty()
  mark: string;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  to: string | null;

  @ApiProperty({ type: String, nullable: true })
  evidence: string | null;
}

export class PersonDetailDto extends PersonDto {
  @ApiProperty({ type: [MarkDto] })
  marks: MarkDto[];
}

export class RevealedPersonDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'in full' })
  idNo: string;

  @ApiProperty({ format: 'date', description: 'in full' })
  birthDate: string;

  @ApiProperty({ type: String, nullable: true, description: 'in full' })
  phone: string | null;
}

export class CreatedDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
}
