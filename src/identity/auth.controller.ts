import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ActivationService } from './activation.service.js';
import { BootstrapService } from './bootstrap.service.js';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import { clientFrom, type Client } from './domain/device.js';
import { ActorDto, BootstrapDto, BootstrapDoneDto, RefreshDto, SignInDto, TokenPairDto } from './dto/auth.dto.js';
import { ActivateDto, ChallengeDto, SignInCodeDto } from './dto/security.dto.js';
import { Sessions, type TokenPair } from './sessions.js';
import { type Challenge, SignInService } from './sign-in.service.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly sessions: Sessions,
    private readonly bootstraps: BootstrapService,
    private readonly activations: ActivationService,
  ) {}

  /** Sign in by user name and password; with a second factor the answer is a challenge for its code. */
  @Post('login')
  @HttpCode(200)
  @ApiExtraModels(TokenPairDto, ChallengeDto)
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(TokenPairDto) }, { $ref: getSchemaPath(ChallengeDto) }] } })
  login(@Body() body: SignInDto, @Req() request: FastifyRequest): Promise<TokenPair | Challenge> {
    return this.signIns.signIn(body.username, body.password, clientOf(request));
  }

  /** The second step of a sign-in: the code. */
  @Post('login/code')
  @HttpCode(200)
  @ApiOkResponse({ type: TokenPairDto })
  loginCode(@Body() body: SignInCodeDto, @Req() request: FastifyRequest): Promise<TokenPair> {
    return this.signIns.signInWithCode(body.challenge, body.code, clientOf(request));
  }

  /** Choose a password for a new or reset account, with the codes of two administrators. */
  @Post('activate')
  @HttpCode(204)
  @ApiNoContentResponse()
  activate(@Body() body: ActivateDto, @Req() request: FastifyRequest): Promise<void> {
    return this.activations.activate(body, request.ip);
  }

  /** Exchange a refresh token for a new pair; each works once. */
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: TokenPairDto })
  refresh(@Body() body: RefreshDto): Promise<TokenPair> {
    return this.sessions.refresh(body.refreshToken);
  }

  /** Make a first administrator of a new installation with the one-time token of the seat. */
  @Post('bootstrap')
  @ApiCreatedResponse({ type: BootstrapDoneDto })
  bootstrap(@Body() { token, ...person }: BootstrapDto): Promise<BootstrapDoneDto> {
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
    const { userId, username, displayName, roles, poolArea, areaCodes, wholePool, providerId } = actor;
    return {
      userId,
      username,
      displayName,
      roles,
      permissions: [...actor.permissions].sort(),
      poolArea,
      areaCodes,
      wholePool,
      providerId,
      mustChangePassword: actor.mustChangePassword,
      mustEnrolFactor: actor.factorMissing,
      hasFactor: actor.hasFactor,
    };
  }
}

function clientOf(request: FastifyRequest): Client {
  return clientFrom(request.ip, request.headers['user-agent']);
}
