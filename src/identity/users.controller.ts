import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Page } from '../common/http/index.js';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import {
  CreateUserDto,
  PatchUserDto,
  SetRolesDto,
  UserDto,
  UserPageDto,
  UsersQueryDto,
  UserWithPasswordDto,
} from './dto/users.dto.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** The users of the own area. */
  @Get()
  @ApiOkResponse({ type: UserPageDto })
  list(@CurrentActor() actor: Actor, @Query() query: UsersQueryDto): Promise<Page<UserDto>> {
    return this.users.list(actor, query);
  }

  /** Make an account; the answer holds the password for the first sign-in. */
  @Post()
  @ApiCreatedResponse({ type: UserWithPasswordDto })
  create(@CurrentActor() actor: Actor, @Body() body: CreateUserDto): Promise<UserWithPasswordDto> {
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

  /** Replace the roles; the user signs in again. */
  @Put(':id/roles')
  @ApiOkResponse({ type: UserDto })
  setRoles(@CurrentActor() actor: Actor, @Param('id') id: string, @Body() body: SetRolesDto): Promise<UserDto> {
    return this.users.setRoles(actor, id, body);
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

  /** Give a new password for one sign-in. */
  @Post(':id/reset-password')
  @HttpCode(200)
  @ApiOkResponse({ type: UserWithPasswordDto })
  resetPassword(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<UserWithPasswordDto> {
    return this.users.resetPassword(actor, id);
  }
}
