import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches } from 'class-validator';
import { ChoiceField, IdField, IntegerField, PageQueryDto, TextField } from '../../common/http/index.js';

const ROLE = /^[a-z][a-z-]{1,30}$/;
const AREA = /^\d{6}(\d{3}){0,2}$/;
const MAX_ROLES = 10;

export class UsersQueryDto extends PageQueryDto {
  @ChoiceField(['active', 'disabled'], { optional: true })
  state?: 'active' | 'disabled';
}

export class SetRolesDto {
  @ApiProperty({ type: [String], maxItems: MAX_ROLES })
  @Matches(ROLE, { each: true })
  @IsString({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(MAX_ROLES)
  @IsArray()
  roles: string[];

  @IntegerField({ min: 1, max: 1_000_000, about: 'version that was read; 409 when it has changed' })
  version: number;
}

export class CreateUserDto {
  @TextField({ max: 40, min: 3, pattern: /^[a-z][a-z0-9._-]+$/ })
  username: string;

  @TextField({ max: 60 })
  displayName: string;

  @TextField({ max: 12, min: 6, pattern: AREA, about: 'area whose subtree the user may see' })
  areaCode: string;

  @IdField({ optional: true, about: 'institution of a provider’s user' })
  providerId?: string;

  @ApiProperty({ type: [String], maxItems: MAX_ROLES })
  @Matches(ROLE, { each: true })
  @IsString({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(MAX_ROLES)
  @IsArray()
  roles: string[];
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
  @ApiProperty() mustChangePassword: boolean;
  @ApiProperty({ type: 'integer' }) version: number;
}

/** A user with the password for the first sign-in, which is told this one time only. */
export class UserWithPasswordDto extends UserDto {
  @ApiProperty({ description: 'for the first sign-in only; must be changed then' }) oneTimePassword: string;
}

export class UserPageDto {
  @ApiProperty({ type: [UserDto] }) items: readonly UserDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor: string | null;
}
