import { ApiProperty } from '@nestjs/swagger';
import { TextField } from '../../common/http/index.js';

export class SignInDto {
  @TextField({ max: 100 })
  username: string;

  @TextField({ max: 512 })
  password: string;
}

export class RefreshDto {
  @TextField({ max: 200 })
  refreshToken: string;
}

export class ChangePasswordDto {
  @TextField({ max: 512, about: 'present password' })
  currentPassword: string;

  @TextField({ max: 512, about: '12 to 128 characters, not a common one' })
  newPassword: string;
}

export class BootstrapDto {
  @TextField({ max: 200, about: 'one-time token, made by `cli.js bootstrap-admin` on the server' })
  token: string;

  @TextField({ max: 40, min: 3, pattern: /^[a-z][a-z0-9._-]+$/ })
  username: string;

  @TextField({ max: 60 })
  displayName: string;

  @TextField({ max: 512 })
  password: string;
}

export class BootstrapDoneDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: ['admin', 'security', 'auditor'] }) role: string;
}

export class TokenPairDto {
  @ApiProperty() accessToken: string;
  @ApiProperty() refreshToken: string;
  @ApiProperty({ enum: ['Bearer'] }) tokenType: 'Bearer';
  @ApiProperty({ type: 'integer', description: 'seconds until the access token ends' }) expiresIn: number;
}

export class ActorDto {
  @ApiProperty({ format: 'uuid' }) userId: string;
  @ApiProperty() username: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ type: [String] }) roles: readonly string[];
  @ApiProperty({ type: [String] }) permissions: readonly string[];
  @ApiProperty() poolArea: string;
  @ApiProperty({ type: [String] }) areaCodes: readonly string[];
  @ApiProperty() wholePool: boolean;
  @ApiProperty({ type: String, nullable: true }) providerId: string | null;
  @ApiProperty({ description: 'only the own password may be changed until it has been' }) mustChangePassword: boolean;
  @ApiProperty({ description: 'only the own second factor may be set up until it is' }) mustEnrolFactor: boolean;
  @ApiProperty({ description: 'whether a second factor is set up' }) hasFactor: boolean;
}
