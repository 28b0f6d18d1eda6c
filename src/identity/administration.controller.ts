import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { CredentialResets } from './credential-resets.service.js';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import {
  RefuseRoleChangeDto,
  ResetConfirmationDto,
  type ResetDto,
  ResetPageDto,
  ResetsQueryDto,
  RoleChangeDto,
  RoleChangePageDto,
  RoleChangesQueryDto,
} from './dto/administration.dto.js';
import { RoleChanges } from './role-changes.service.js';

@ApiTags('users')
@Controller()
export class AdministrationController {
  constructor(
    private readonly changes: RoleChanges,
    private readonly resets: CredentialResets,
  ) {}

  /** Changes of roles, newest first. */
  @Get('role-changes')
  @ApiOkResponse({ type: RoleChangePageDto })
  listChanges(@CurrentActor() actor: Actor, @Query() query: RoleChangesQueryDto): Promise<Page<RoleChangeDto>> {
    return this.changes.list(actor, query);
  }

  /** Confirm somebody else's request; it takes effect at once. */
  @Post('role-changes/:id/confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: RoleChangeDto })
  confirmChange(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<RoleChangeDto> {
    return this.changes.confirm(actor, id);
  }

  /** Refuse somebody else's request. */
  @Post('role-changes/:id/refuse')
  @HttpCode(200)
  @ApiOkResponse({ type: RoleChangeDto })
  refuseChange(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: RefuseRoleChangeDto,
  ): Promise<RoleChangeDto> {
    return this.changes.refuse(actor, id, body.reason);
  }

  /** Withdraw the own request. */
  @Post('role-changes/:id/withdraw')
  @HttpCode(200)
  @ApiOkResponse({ type: RoleChangeDto })
  withdrawChange(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<RoleChangeDto> {
    return this.changes.withdraw(actor, id);
  }

  /** Open activations and resets. */
  @Get('credential-resets')
  @ApiOkResponse({ type: ResetPageDto })
  listResets(@CurrentActor() actor: Actor, @Query() query: ResetsQueryDto): Promise<Page<ResetDto>> {
    return this.resets.list(actor, query);
  }

  /** Confirm an activation or reset; the answer holds the second code, for the user. */
  @Post('credential-resets/:id/confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: ResetConfirmationDto })
  confirmReset(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<ResetConfirmationDto> {
    return this.resets.confirm(actor, id);
  }

  /** Cancel an open activation or reset. */
  @Post('credential-resets/:id/cancel')
  @HttpCode(204)
  @ApiNoContentResponse()
  cancelReset(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.resets.cancel(actor, id);
  }
}
