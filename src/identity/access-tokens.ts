import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { isUuid } from '../common/ids/index.js';
import { Clock } from '../common/time/index.js';

/** How long an access token lives, in seconds; sign-out and disabling act at once, through the session. */
export const ACCESS_TOKEN_SECONDS = 600;

export const TOKEN_KEY = Symbol('TOKEN_KEY');

const ALGORITHM = 'EdDSA';
const ISSUER = 'tongchou';
const AUDIENCE = 'tongchou-api';
const TYPE = 'at+jwt';
const REMEMBERED = 20_000;
const MS = 1_000;

/** What a valid token proves: a session of a user. Rights are not in the token. */
export interface AccessClaims {
  readonly sessionId: string;
  readonly userId: string;
}

/** Makes and verifies access tokens (RFC 9068): EdDSA only, with `exp`, `iss`, `aud` and `typ` required. */
@Injectable()
export class AccessTokens {
  private readonly publicKey: KeyObject;
  // A signature is worth 0.1 ms of every request; tokens that were verified once are known by their hash until they end.
  private readonly known = new LRUCache<string, AccessClaims & { expiresAtMs: number }>({ max: REMEMBERED });

  constructor(
    @Inject(TOKEN_KEY) private readonly privateKey: KeyObject,
    private readonly clock: Clock,
  ) {
    this.publicKey = createPublicKey(privateKey);
  }

  /** Signs a token for a session; it ends with the session at the latest. */
  async issue(claims: AccessClaims, sessionExpiresAt: Date): Promise<{ token: string; expiresIn: number }> {
    const now = Math.floor(this.clock.now().getTime() / MS);
    const end = Math.min(now + ACCESS_TOKEN_SECONDS, Math.floor(sessionExpiresAt.getTime() / MS));
    const token = await new SignJWT({ sid: claims.sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(claims.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(end)
      .sign(this.privateKey);
    return { token, expiresIn: end - now };
  }

  /** The claims of a valid token, else undefined; the reason is never told to the caller. */
  async verify(token: string): Promise<AccessClaims | undefined> {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = this.known.get(hash);
    const nowMs = this.clock.now().getTime();
    if (known !== undefined) return known.expiresAtMs > nowMs ? known : undefined;
    const verified = await this.check(token, nowMs);
    if (verified !== undefined) this.known.set(hash, verified);
    return verified;
  }

  private async check(token: string, nowMs: number): Promise<(AccessClaims & { expiresAtMs: number }) | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.publicKey, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['exp', 'iat', 'sub', 'sid'],
        currentDate: new Date(nowMs),
      });
      const { sub, sid, exp = 0 } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || !isUuid(sub) || !isUuid(sid)) return undefined;
      return { userId: sub, sessionId: sid, expiresAtMs: exp * MS };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
