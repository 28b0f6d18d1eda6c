import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentActor } from './current-actor.js';
import type { Actor } from './domain/actor.js';
import { ChangePasswordDto } from './dto/auth.dto.js';
import {
  ConfirmFactorDto,
  EnrolmentDto,
  OwnSecurityDto,
  ProofDto,
  RecoveryCodesDto,
  SessionDto,
} from './dto/security.dto.js';
import { Notices } from './notices.js';
import { OwnSecurityService } from './own-security.service.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SecondFactors } from './second-factors.js';

@ApiTags('auth')
@Controller('auth')
export class OwnSecurityController {
  constructor(
    private readonly security: OwnSecurityService,
    private readonly sessions: OwnSessionsService,
    private readonly factors: SecondFactors,
    private readonly notices: Notices,
  ) {}

  /** The own second factor, password and notices. */
  @Get('security')
  @ApiOkResponse({ type: OwnSecurityDto })
  overview(@CurrentActor() actor: Actor): Promise<OwnSecurityDto> {
    return this.security.overview(actor);
  }

  /** The notices were read. */
  @Post('notices/seen')
  @HttpCode(204)
  @ApiNoContentResponse()
  seen(@CurrentActor() actor: Actor): Promise<void> {
    return this.notices.markSeen(actor);
  }

  /** Change the own password; all other sessions end. */
  @Post('password')
  @HttpCode(204)
  @ApiNoContentResponse()
  password(
    @CurrentActor() actor: Actor,
    @Body() body: ChangePasswordDto,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.security.changePassword(actor, body.currentPassword, body.newPassword, request.ip);
  }

  /** Prove again who is there, for what needs a fresh proof. */
  @Post('proof')
  @HttpCode(204)
  @ApiNoContentResponse()
  proof(@CurrentActor() actor: Actor, @Body() body: ProofDto, @Req() request: FastifyRequest): Promise<void> {
    return this.security.prove(actor, body, request.ip);
  }

  /** Begin to set up an authenticator app. */
  @Post('second-factor')
  @ApiCreatedResponse({ type: EnrolmentDto })
  start(@CurrentActor() actor: Actor): Promise<EnrolmentDto> {
    return this.factors.start(actor);
  }

  /** Finish it with a first code; the answer holds ten recovery codes. */
  @Post('second-factor/confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: RecoveryCodesDto })
  async confirm(@CurrentActor() actor: Actor, @Body() body: ConfirmFactorDto): Promise<RecoveryCodesDto> {
    return { codes: await this.factors.confirm(actor, body.code) };
  }

  /** Ten new recovery codes in place of the old ones. */
  @Post('second-factor/recovery-codes')
  @HttpCode(200)
  @ApiOkResponse({ type: RecoveryCodesDto })
  async recoveryCodes(@CurrentActor() actor: Actor): Promise<RecoveryCodesDto> {
    return { codes: await this.factors.newRecoveryCodes(actor) };
  }

  /** Where one is signed in. */
  @Get('sessions')
  @ApiOkResponse({ type: [SessionDto] })
  list(@CurrentActor() actor: Actor): Promise<SessionDto[]> {
    return this.sessions.list(actor);
  }

  /** End one of the own sessions. */
  @Post('sessions/:id/revoke')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.sessions.revoke(actor, id);
  }
}
