import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AccessPolicy } from './domain/access-policy.js';
import { AccessRowDto, RoleDto } from './dto/access.dto.js';

@ApiTags('access')
@Controller()
export class AccessController {
  constructor(private readonly policy: AccessPolicy) {}

  /** The roles with what each may do. */
  @Get('roles')
  @ApiOkResponse({ type: [RoleDto] })
  roles(): RoleDto[] {
    return this.policy.roles.map((role) => ({
      ...role,
      permissions: [...this.policy.permissionsOf([role.code])].sort(),
    }));
  }

  /** The access policy as the server applies it, row by row. */
  @Get('access-policy')
  @ApiOkResponse({ type: [AccessRowDto] })
  rows(): AccessRowDto[] {
    return this.policy.rows.map((row) => ({ ...row, roles: [...row.roles] }));
  }
}
