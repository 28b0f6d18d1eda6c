import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-strategy';
import { AccessTokens } from './access-tokens.js';
import { Actors } from './actors.js';

const BEARER = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;
const MAX_TOKEN_LENGTH = 2_000;

/**
 * Our own passport strategy over `jose`: passport-jwt wraps jsonwebtoken, whose defaults accept forgeries. The token
 * proves a session; who that is and what they may do is read from the database.
 */
@Injectable()
export class BearerStrategy extends Strategy {
  readonly name = 'bearer';

  constructor(
    private readonly tokens: AccessTokens,
    private readonly actors: Actors,
  ) {
    super();
  }

  override authenticate(request: unknown): void {
    const header = (request as FastifyRequest).headers.authorization;
    const token = header !== undefined && header.length <= MAX_TOKEN_LENGTH ? BEARER.exec(header)?.[1] : undefined;
    if (token === undefined) {
      this.fail(401);
      return;
    }
    this.actorOf(token).then(
      (actor) => {
        if (actor === undefined) this.fail(401);
        else this.success(actor);
      },
      (error: unknown) => {
        this.error(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  private async actorOf(token: string): Promise<object | undefined> {
    const claims = await this.tokens.verify(token);
    return claims === undefined ? undefined : this.actors.ofSession(claims.sessionId, claims.userId);
  }
}
