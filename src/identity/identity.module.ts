import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { parse } from 'yaml';
import { Settings } from '../common/config/index.js';
import { ActivationService } from './activation.service.js';
import { AdministrationController } from './administration.controller.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens, TOKEN_KEY } from './access-tokens.js';
import { Actors } from './actors.js';
import { AccessController } from './access.controller.js';
import { AuditStore } from './audit-store.js';
import { AuthController } from './auth.controller.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BootstrapService } from './bootstrap.service.js';
import { CredentialResets } from './credential-resets.service.js';
import { DemoAccounts } from './demo-accounts.js';
import { AccessPolicy, parseAccessPolicy } from './domain/access-policy.js';
import { IdempotencyPurgeJob } from './idempotency-purge.job.js';
import { IdempotencyInterceptor } from './idempotency.js';
import { Notices } from './notices.js';
import { OwnSecurityController } from './own-security.controller.js';
import { OwnSecurityService } from './own-security.service.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { Passwords } from './passwords.js';
import { loadPersonalDataLimits, PERSONAL_DATA_LIMITS, PersonalDataDoor } from './personal-data.js';
import { Proofs } from './proofs.js';
import { IdentityPurgeJob } from './purge.job.js';
import { RefreshAlarm } from './refresh-alarm.js';
import { RoleChanges } from './role-changes.service.js';
import { SecondFactors } from './second-factors.js';
import { Sessions } from './sessions.js';
import { SignInService } from './sign-in.service.js';
import { Throttles } from './throttles.js';
import { UserRows } from './user-rows.js';
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
  controllers: [AuthController, OwnSecurityController, UsersController, AdministrationController, AccessController],
  providers: [
    { provide: AccessPolicy, useFactory: loadAccessPolicy },
    { provide: TOKEN_KEY, inject: [Settings], useFactory: (settings: Settings) => loadTokenKey(settings.dataDir) },
    { provide: PERSONAL_DATA_LIMITS, useFactory: loadPersonalDataLimits },
    PersonalDataDoor,
    { provide: APP_GUARD, useClass: AccessGuard },
    AccessTokens,
    ActivationService,
    Actors,
    BearerStrategy,
    BootstrapService,
    CredentialResets,
    DemoAccounts,
    IdempotencyInterceptor,
    IdempotencyPurgeJob,
    IdentityPurgeJob,
    Notices,
    OwnSecurityService,
    OwnSessionsService,
    Passwords,
    Proofs,
    RefreshAlarm,
    RoleChanges,
    SecondFactors,
    Sessions,
    SignInService,
    Throttles,
    UserRows,
    UsersService,
    AuditStore,
  ],
  exports: [AccessPolicy, PersonalDataDoor, BootstrapService, DemoAccounts, IdempotencyInterceptor],
})
export class IdentityModule {}
