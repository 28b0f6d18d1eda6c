import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '../../common/http/index.js';

const CODE = 40;

export class SignInCodeDto {
  @TextField({ max: 200, about: 'challenge from the first step' })
  challenge: string;

  @TextField({ max: CODE, about: 'six digits of the authenticator app, or a recovery code' })
  code: string;
}

/** The password was right; a code is still to come. */
export class ChallengeDto {
  @ApiProperty() challenge: string;
  @ApiProperty({ type: 'integer', description: 'seconds until the challenge ends' }) expiresIn: number;
}

export class ProofDto {
  @TextField({ max: 512, optional: true, about: 'where no second factor is enrolled' })
  password?: string;

  @TextField({ max: CODE, optional: true, about: 'where one is: six digits, or a recovery code' })
  code?: string;
}

export class ConfirmFactorDto {
  @TextField({ max: CODE, about: 'the first six digits the app shows' })
  code: string;
}

export class EnrolmentDto {
  @ApiProperty({ description: 'Base32, for typing into the app; shown this once' }) secret: string;
  @ApiProperty({ description: 'otpauth:// address for the QR code' }) uri: string;
}

export class RecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'each works once; shown this once' }) codes: readonly string[];
}

export class NoticeDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() kind: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) details: Readonly<Record<string, unknown>>;
}

export class OwnSecurityDto {
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) factorEnrolledAt: string | null;
  @ApiProperty({ type: 'integer' }) recoveryCodesLeft: number;
  @ApiProperty({ format: 'date-time' }) passwordChangedAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'null: never' })
  passwordEndsAt: string | null;
  @ApiProperty({ type: 'integer', description: 'minutes after which an unused session ends' }) idleMinutes: number;
  @ApiProperty({ type: [NoticeDto] }) notices: readonly NoticeDto[];
}

export class SessionDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() address: string;
  @ApiProperty({ description: 'as the browser describes itself' }) device: string;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ format: 'date-time' }) lastUsedAt: string;
  @ApiProperty({ format: 'date-time' }) expiresAt: string;
  @ApiProperty({ description: 'the session of this request' }) current: boolean;
}

export class ActivateDto {
  @TextField({ max: 100 })
  username: string;

  @TextField({ max: CODE, about: 'code from the system administrator' })
  code: string;

  @TextField({ max: CODE, optional: true, about: 'code from the security administrator' })
  confirmation?: string;

  @TextField({ max: CODE, optional: true, about: 'instead of it: a code of the own second factor' })
  factorCode?: string;

  @TextField({ max: 512, about: '12 to 128 characters, not a common one' })
  newPassword: string;
}
