import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { BootstrapService } from './bootstrap.service.js';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import { ActorDto, BootstrapDto, ChangePasswordDto, RefreshDto, SignInDto, TokenPairDto } from './dto/auth.dto.js';
import { Sessions, type TokenPair } from './sessions.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: Sessions,
    private readonly bootstraps: BootstrapService,
  ) {}

  /** Sign in by user name and password. */
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ type: TokenPairDto })
  login(@Body() body: SignInDto, @Req() request: FastifyRequest): Promise<TokenPair> {
    return this.signIns.signIn(body.username, body.password, request.ip);
  }

  /** Exchange a refresh token for a new pair; each works once. */
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: TokenPairDto })
  refresh(@Body() body: RefreshDto): Promise<TokenPair> {
    return this.sessions.refresh(body.refreshToken);
  }

  /** Make the first administrator of a new installation with its one-time token. */
  @Post('bootstrap')
  @ApiCreatedResponse({ schema: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } } })
  bootstrap(@Body() { token, ...person }: BootstrapDto): Promise<{ id: string }> {
    return this.bootstraps.createAdministrator(token, person);
  }

  /** End this session; its tokens stop working at once. */
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.signIns.signOut(actor);
  }

  /** Who is signed in, and what they may do and see. */
  @Get('me')
  @ApiOkResponse({ type: ActorDto })
  me(@CurrentActor() actor: Actor): ActorDto {
    const { userId, username, displayName, roles, poolArea, areaCodes, wholePool, providerId, mustChangePassword } =
      actor;
    const permissions = [...actor.permissions].sort();
    return {
      userId,
      username,
      displayName,
      roles,
      permissions,
      poolArea,
      areaCodes,
      wholePool,
      providerId,
      mustChangePassword,
    };
  }

  /** Change the own password; all other sessions end. */
  @Post('password')
  @HttpCode(204)
  @ApiNoContentResponse()
  password(@CurrentActor() actor: Actor, @Body() body: ChangePasswordDto): Promise<void> {
    return this.signIns.changePassword(actor, body.currentPassword, body.newPassword);
  }
}
