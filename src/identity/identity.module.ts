import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { parse } from 'yaml';
import { Settings } from '../common/config/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens, TOKEN_KEY } from './access-tokens.js';
import { Actors } from './actors.js';
import { AccessController } from './access.controller.js';
import { AuditTrailService } from './audit-trail.service.js';
import { AuthController } from './auth.controller.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BootstrapService } from './bootstrap.service.js';
import { DemoAccounts } from './demo-accounts.js';
import { AccessPolicy, parseAccessPolicy } from './domain/access-policy.js';
import { IdempotencyPurgeJob } from './idempotency-purge.job.js';
import { IdempotencyInterceptor } from './idempotency.js';
import { Passwords } from './passwords.js';
import { Sessions } from './sessions.js';
import { SignInService } from './sign-in.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';
import { loadTokenKey } from './token-key.js';

const POLICY_FILE = resolve(import.meta.dirname, '../../policy/access.yaml');

/** Reads policy/access.yaml; throws when a row can be misread. */
export function loadAccessPolicy(): AccessPolicy {
  return parseAccessPolicy(parse(readFileSync(POLICY_FILE, 'utf8')));
}

@Global()
@Module({
  controllers: [AuthController, UsersController, AccessController],
  providers: [
    { provide: AccessPolicy, useFactory: loadAccessPolicy },
    { provide: TOKEN_KEY, inject: [Settings], useFactory: (settings: Settings) => loadTokenKey(settings.dataDir) },
    { provide: APP_GUARD, useClass: AccessGuard },
    AccessTokens,
    Actors,
    BearerStrategy,
    BootstrapService,
    DemoAccounts,
    IdempotencyInterceptor,
    IdempotencyPurgeJob,
    Passwords,
    Sessions,
    SignInService,
    UsersService,
    AuditTrailService,
  ],
  exports: [AccessPolicy, BootstrapService, DemoAccounts, IdempotencyInterceptor],
})
export class IdentityModule {}
