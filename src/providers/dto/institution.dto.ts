import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DayField,
  IdField,
  IntegerField,
  PageQueryDto,
  ReasonField,
  TextField,
} from '../../common/http/index.js';
import type { InstitutionLevel, InstitutionType } from '../institutions.service.js';

export const TYPES: readonly InstitutionType[] = ['hospital', 'primary', 'pharmacy'];
export const LEVELS: readonly InstitutionLevel[] = ['tertiary', 'secondary', 'primary'];
const SPECIALITIES = ['general', 'tcm', 'maternity', 'orthopaedics', 'psychiatric', 'rehabilitation'];

export class InstitutionListDto extends PageQueryDto {
  @TextField({ max: 50, optional: true, about: 'part of the name, or the national code' })
  q?: string;

  @ChoiceField(TYPES, { optional: true })
  type?: string;

  @ChoiceField(LEVELS, { optional: true })
  level?: string;

  @TextField({ max: 12, min: 2, pattern: /^\d+$/, optional: true })
  areaCode?: string;
}

export class RegisterInstitutionDto {
  @IdField({ optional: true })
  id?: string;

  @TextField({ min: 12, max: 12, pattern: /^[HP]\d{11}$/, about: 'national code: H… institution, P… pharmacy' })
  code12: string;

  @TextField({ max: 100 })
  name: string;

  @ChoiceField(TYPES)
  type: InstitutionType;

  @ChoiceField(LEVELS, { about: 'level whose benefit ratio applies; a pharmacy counts as primary' })
  level: InstitutionLevel;

  @ChoiceField(SPECIALITIES)
  speciality: string;

  @ChoiceField(['public', 'private'])
  ownership: string;

  @TextField({ min: 6, max: 12, pattern: /^\d{6}(\d{3}){0,2}$/ })
  areaCode: string;

  @ChoiceField(LEVELS, { about: 'level whose price ceilings apply' })
  priceLevel: InstitutionLevel;

  @IntegerField({ min: 0, max: 20000 })
  beds: number;

  @TextField({ max: 100, optional: true })
  payeeName?: string;

  @TextField({ max: 100, optional: true })
  payeeBank?: string;

  @TextField({ min: 8, max: 32, pattern: /^\d+$/, optional: true })
  payeeAccount?: string;
}

export class InstitutionDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  code12: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: TYPES })
  type: string;

  @ApiProperty({ enum: LEVELS })
  level: string;

  @ApiProperty()
  speciality: string;

  @ApiProperty()
  ownership: string;

  @ApiProperty()
  areaCode: string;

  @ApiProperty()
  areaName: string;

  @ApiProperty({ enum: LEVELS })
  priceLevel: string;

  @ApiProperty()
  beds: number;

  @ApiProperty({ type: String, nullable: true })
  payeeName: string | null;

  @ApiProperty({ type: String, nullable: true })
  payeeBank: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'masked', example: '****1234' })
  payeeAccount: string | null;

  @ApiProperty({ enum: ['active', 'closed'] })
  state: string;
}

export class InstitutionPageDto {
  @ApiProperty({ type: [InstitutionDto] })
  items: InstitutionDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class RevealAccountDto {
  @ReasonField()
  reason: string;
}

export class RevealedAccountDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, nullable: true, description: 'in full' })
  payeeAccount: string | null;
}

export class AddDepartmentDto {
  @TextField({ max: 20, pattern: /^[A-Z0-9.]+$/ })
  code: string;

  @TextField({ max: 60 })
  name: string;
}

export class DepartmentDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  code: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ enum: ['active', 'closed'] })
  state: string;
}

export class RegisterPhysicianDto {
  @TextField({ max: 100 })
  name: string;

  @TextField({ min: 6, max: 30, pattern: /^[A-Z0-9]+$/ })
  licenceNo: string;

  @ChoiceField(['physician', 'pharmacist', 'nurse', 'technician'])
  profession: string;

  @TextField({ max: 30, optional: true })
  title?: string;

  @IdField({ optional: true })
  departmentId?: string;

  @DayField({ about: 'first day of the privilege' })
  from: string;

  @DayField({ optional: true, about: 'first day without it; left out = open' })
  to?: string;
}

export class PhysicianDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty()
  licenceNo: string;

  @ApiProperty()
  profession: string;

  @ApiProperty({ type: String, nullable: true })
  title: string | null;

  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  departmentId: string | null;

  @ApiProperty({ type: String, nullable: true })
  departmentName: string | null;

  @ApiProperty({ format: 'date' })
  from: string;

  @ApiProperty({ type: String, nullable: true, format: 'date' })
  to: string | null;

  @ApiProperty({ enum: ['active', 'suspended'] })
  state: string;
}

export class PhysicianPageDto {
  @ApiProperty({ type: [PhysicianDto] })
  items: PhysicianDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;
}

export class IdDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
}
