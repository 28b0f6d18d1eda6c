import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { AuditTrailService } from './audit-trail.service.js';
import { CurrentActor } from './current-actor.js';
import { AccessPolicy } from './domain/access-policy.js';
import type { Actor } from './domain/actor.js';
import { AccessRowDto, type AuditEventDto, AuditPageDto, AuditQueryDto, RoleDto } from './dto/access.dto.js';

@ApiTags('access')
@Controller()
export class AccessController {
  constructor(
    private readonly policy: AccessPolicy,
    private readonly trail: AuditTrailService,
  ) {}

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

  /** The audit trail, newest first. */
  @Get('audit-events')
  @ApiOkResponse({ type: AuditPageDto })
  events(@CurrentActor() actor: Actor, @Query() query: AuditQueryDto): Promise<Page<AuditEventDto>> {
    return this.trail.list(actor, query);
  }
}
