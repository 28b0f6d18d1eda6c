import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches } from 'class-validator';
import { ChoiceField, IdField, IntegerField, PageQueryDto, TextField } from '../../common/http/index.js';

const ROLE = /^[a-z][a-z-]{1,30}$/;
const AREA = /^\d{6}(\d{3}){0,2}$/;
const MAX_ROLES = 10;
const MAX_REASON = 500;
const STATES = ['requested', 'confirmed', 'refused', 'withdrawn'] as const;

export class RoleChangesQueryDto extends PageQueryDto {
  @ChoiceField(STATES, { optional: true })
  state?: (typeof STATES)[number];
}

/** The roles and the scope that a user shall have, in place of the present ones. */
export class AskRoleChangeDto {
  @ApiProperty({ type: [String], maxItems: MAX_ROLES })
  @Matches(ROLE, { each: true })
  @IsString({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(MAX_ROLES)
  @IsArray()
  roles: string[];

  @TextField({ max: 12, min: 6, pattern: AREA, about: 'area whose subtree the user may see' })
  areaCode: string;

  @IdField({ optional: true, about: 'institution of a provider’s user' })
  providerId?: string;

  @TextField({ max: MAX_REASON, min: 1, about: 'why, for whoever confirms' })
  reason: string;

  @IntegerField({ min: 1, max: 1_000_000, about: 'version of the user that was read; 409 when it has changed' })
  version: number;
}

export class RefuseRoleChangeDto {
  @TextField({ max: MAX_REASON, min: 1 })
  reason: string;
}

export class RoleChangeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty() username: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ description: 'whether the user has chosen a password' }) activated: boolean;
  @ApiProperty({ type: [String] }) rolesBefore: readonly string[];
  @ApiProperty({ type: [String] }) roles: readonly string[];
  @ApiProperty() areaCode: string;
  @ApiProperty({ type: String, nullable: true }) providerId: string | null;
  @ApiProperty() reason: string;
  @ApiProperty({ enum: STATES }) state: string;
  @ApiProperty({ format: 'uuid' }) requestedById: string;
  @ApiProperty() requestedBy: string;
  @ApiProperty({ format: 'date-time' }) requestedAt: string;
  @ApiProperty({ type: String, nullable: true }) decidedBy: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) decidedAt: string | null;
  @ApiProperty() decisionReason: string;
}

export class RoleChangePageDto {
  @ApiProperty({ type: [RoleChangeDto] }) items: readonly RoleChangeDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}

export class StartResetDto {
  @ChoiceField(['password', 'second-factor'], {
    about: 'what is lost: the password, or the second factor (then both are set anew)',
  })
  kind: 'password' | 'second-factor';
}

const KINDS = ['activation', 'password', 'second-factor'];

/** The system administrator's half of a reset, told this one time. */
export class ResetCodeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: KINDS }) kind: string;
  @ApiProperty({ description: 'first code, for the user' }) code: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
}

/** The security administrator's half, told this one time. */
export class ResetConfirmationDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() username: string;
  @ApiProperty({ description: 'second code, for the user' }) confirmation: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
}

export class ResetsQueryDto extends PageQueryDto {}

export class ResetDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty() username: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ enum: KINDS }) kind: string;
  @ApiProperty() startedBy: string;
  @ApiProperty({ format: 'date-time' }) startedAt: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: waits for the security administrator' })
  confirmedBy: string | null;
}

export class ResetPageDto {
  @ApiProperty({ type: [ResetDto] }) items: readonly ResetDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
