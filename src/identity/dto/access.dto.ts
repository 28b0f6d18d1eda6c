import { ApiProperty } from '@nestjs/swagger';

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
