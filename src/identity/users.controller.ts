import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { CredentialResets } from './credential-resets.service.js';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import { AskRoleChangeDto, ResetCodeDto, RoleChangeDto, StartResetDto } from './dto/administration.dto.js';
import { CreateUserDto, PatchUserDto, UserDto, UserPageDto, UsersQueryDto, UserWithCodeDto } from './dto/users.dto.js';
import { RoleChanges } from './role-changes.service.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly changes: RoleChanges,
    private readonly resets: CredentialResets,
  ) {}

  /** The users of the own area. */
  @Get()
  @ApiOkResponse({ type: UserPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: UsersQueryDto): Promise<Page<UserDto>> {
    return this.users.list(actor, query);
  }

  /** Make an account without rights; the answer holds the first of two codes with which its user activates it. */
  @Post()
  @ApiCreatedResponse({ type: UserWithCodeDto })
  create(@CurrentActor() actor: Actor, @Body() body: CreateUserDto): Promise<UserWithCodeDto> {
    return this.users.create(actor, body);
  }

  /** One user. */
  @Get(':id')
  @ApiOkResponse({ type: UserDto })
  get(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserDto> {
    return this.users.get(actor, id);
  }

  /** Change the name shown. */
  @Patch(':id')
  @ApiOkResponse({ type: UserDto })
  rename(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: PatchUserDto): Promise<UserDto> {
    return this.users.rename(actor, id, body);
  }

  /** Disable the account and end its sessions at once. */
  @Post(':id/disable')
  @HttpCode(200)
  @ApiOkResponse({ type: UserDto })
  disable(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserDto> {
    return this.users.setState(actor, id, 'disabled');
  }

  /** Enable the account again. */
  @Post(':id/enable')
  @HttpCode(200)
  @ApiOkResponse({ type: UserDto })
  enable(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserDto> {
    return this.users.setState(actor, id, 'active');
  }

  /** Start a reset of password or second factor; the answer holds the first of two codes. */
  @Post(':id/credential-resets')
  @ApiCreatedResponse({ type: ResetCodeDto })
  startReset(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: StartResetDto,
  ): Promise<ResetCodeDto> {
    return this.resets.start(actor, id, body.kind);
  }

  /** Ask for other roles or another scope; somebody else confirms. */
  @Post(':id/role-changes')
  @ApiCreatedResponse({ type: RoleChangeDto })
  askRoles(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: AskRoleChangeDto,
  ): Promise<RoleChangeDto> {
    return this.changes.request(actor, id, body);
  }
}
