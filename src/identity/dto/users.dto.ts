import { ApiProperty } from '@nestjs/swagger';
import { ChoiceField, IntegerField, PageQueryDto, TextField } from '../../common/http/index.js';

const AREA = /^\d{6}(\d{3}){0,2}$/;

export class UsersQueryDto extends PageQueryDto {
  @ChoiceField(['active', 'disabled'], { optional: true })
  state?: 'active' | 'disabled';
}

export class CreateUserDto {
  @TextField({ max: 40, min: 3, pattern: /^[a-z][a-z0-9._-]+$/ })
  username: string;

  @TextField({ max: 60 })
  displayName: string;

  @TextField({ max: 12, min: 6, pattern: AREA, about: 'area the user belongs to; rights are given separately' })
  areaCode: string;
}

export class PatchUserDto {
  @TextField({ max: 60 })
  displayName: string;

  @IntegerField({ min: 1, max: 1_000_000, about: 'version that was read; 409 when it has changed' })
  version: number;
}

export class UserDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() username: string;
  @ApiProperty() displayName: string;
  @ApiProperty({ enum: ['active', 'disabled'] }) state: string;
  @ApiProperty() areaCode: string;
  @ApiProperty({ type: String, nullable: true }) providerId: string | null;
  @ApiProperty({ type: [String] }) roles: readonly string[];
  @ApiProperty({ description: 'whether the user has chosen a password' }) activated: boolean;
  @ApiProperty({ description: 'whether a second factor is set up' }) hasFactor: boolean;
  @ApiProperty({ type: 'integer' }) version: number;
}

/** A new user with the first of the two codes that activate the account, told this one time. */
export class UserWithCodeDto extends UserDto {
  @ApiProperty({ description: 'first code, for the user; the security administrator gives the second' }) code: string;
  @ApiProperty({ format: 'date-time' }) codeExpiresAt: string;
}

export class UserPageDto {
  @ApiProperty({ type: [UserDto] }) items: readonly UserDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
