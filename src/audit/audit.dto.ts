import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, DayField, IdField, PageQueryDto, TextField } from '../common/http/index.js';

export class AuditQueryDto extends PageQueryDto {
  @TextField({ max: 60, optional: true }) subjectKind?: string;
  @TextField({ max: 100, optional: true }) subjectId?: string;
  @IdField({ optional: true, about: 'who did it' }) actorId?: string;
  @TextField({ max: 40, optional: true, about: 'user name of who did it' }) actorName?: string;
  @TextField({ max: 80, optional: true, about: 'e.g. payment.month-approved; a trailing dot means all of a room' })
  action?: string;
  @ChoiceField(['change', 'look', 'access'], { optional: true }) kind?: string;
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

export class ChainStreamDto {
  @ApiProperty({ description: 'audit, ledger-journal, ledger-line, ledger-period' }) stream: string;
  @ApiProperty({ description: 'number of the last block' }) block: string;
  @ApiProperty({ description: 'its hash, hex' }) hash: string;
  @ApiProperty({ format: 'date-time' }) sealedAt: string;
  @ApiProperty({ description: 'rows chained' }) rows: number;
  @ApiProperty({ type: String, nullable: true, description: 'last block of the last verification' })
  verifiedBlock: string | null;
}

export class ChainVerificationDto {
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty() by: string;
  @ApiProperty() intact: boolean;
  @ApiProperty() rows: number;
  @ApiProperty() differences: number;
  @ApiProperty({ type: String, nullable: true, description: 'the first broken place in words' }) first: string | null;
}

export class AnchorDto {
  @ApiProperty({ description: 'number of the anchor' }) seq: string;
  @ApiProperty({ format: 'date-time' }) madeAt: string;
  @ApiProperty() madeBy: string;
  @ApiProperty({ description: 'the key that signed it' }) keyId: string;
  @ApiProperty({ description: 'the signed line as it stands in the file outside' }) line: string;
}

export class ChainStateDto {
  @ApiProperty({ type: [ChainStreamDto] }) streams: readonly ChainStreamDto[];
  @ApiProperty({ type: ChainVerificationDto, nullable: true }) verification: ChainVerificationDto | null;
  @ApiProperty({ type: AnchorDto, nullable: true }) anchor: AnchorDto | null;
  @ApiProperty({ description: 'public half of the key that signs anchors, PEM' }) publicKey: string;
}
