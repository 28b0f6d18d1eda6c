import { ApiProperty } from '@nestjs/swagger';
import { DayField, IdField, PageQueryDto, TextField } from '../../common/http/index.js';

export class RoleDto {
  @ApiProperty() code: string;
  @ApiProperty() zh: string;
  @ApiProperty() en: string;
  @ApiProperty({ type: [String] }) permissions: readonly string[];
}

export class AccessRowDto {
  @ApiProperty() method: string;
  @ApiProperty() path: string;
  @ApiProperty({ enum: ['public', 'signed-in', 'permission'] }) access: string;
  @ApiProperty({ type: String, nullable: true }) permission: string | null;
  @ApiProperty({ type: [String] }) roles: readonly string[];
  @ApiProperty({ enum: ['none', 'pool', 'area', 'provider'] }) scope: string;
}

export class AuditQueryDto extends PageQueryDto {
  @TextField({ max: 60, optional: true }) subjectKind?: string;
  @TextField({ max: 100, optional: true }) subjectId?: string;
  @IdField({ optional: true, about: 'who did it' }) actorId?: string;
  @IdField({ optional: true, about: 'whose data were seen or changed' }) personId?: string;
  @DayField({ optional: true, about: 'first day (Asia/Shanghai)' }) from?: string;
  @DayField({ optional: true, about: 'day after the last (Asia/Shanghai)' }) before?: string;
}

export class AuditEventDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ format: 'uuid' }) actorId: string;
  @ApiProperty() actorName: string;
  @ApiProperty({ type: [String] }) actorRoles: readonly string[];
  @ApiProperty({ enum: ['change', 'look', 'access'] }) kind: string;
  @ApiProperty() action: string;
  @ApiProperty() subjectKind: string;
  @ApiProperty() subjectId: string;
  @ApiProperty({ type: [String] }) personIds: readonly string[];
  @ApiProperty({ type: 'object', additionalProperties: true }) details: Readonly<Record<string, unknown>>;
  @ApiProperty({ type: String, nullable: true }) traceId: string | null;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditEventDto] }) items: readonly AuditEventDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
