import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from './audit/index.js';
import { BenefitsModule } from './benefits/index.js';
import { ApprovalsModule } from './approvals/index.js';
import { CatalogueModule } from './catalogue/index.js';
import { ClaimsModule } from './claims/index.js';
import { Settings } from './common/config/index.js';
import { CryptoModule } from './common/crypto/index.js';
import { Transactions } from './common/db/index.js';
import { HealthModule } from './common/health/index.js';
import { JobsModule } from './common/jobs/index.js';
import { OutboxModule } from './common/outbox/index.js';
import { Clock, SystemClock } from './common/time/index.js';
import { appDataSourceOptions } from './data-source.js';
import { DemoModule } from './demo/index.js';
import { EnrollmentModule } from './enrollment/index.js';
import { FundingModule } from './funding/index.js';
import { IdentityModule } from './identity/index.js';
import { LedgerModule } from './ledger/index.js';
import { migrations } from './migrations/index.js';
import { OperationsModule } from './operations/index.js';
import { PaymentModule } from './payment/index.js';
import { ProvidersModule } from './providers/index.js';
import { ReportingModule } from './reporting/index.js';
import { ReconcileModule } from './reporting/reconcile/index.js';

/** What every room gets by injection: the settings of the process, the clock, and the one door to the database. */
@Global()
@Module({
  providers: [
    { provide: Settings, useFactory: () => new Settings(process.env) },
    { provide: Clock, useClass: SystemClock },
    Transactions,
  ],
  exports: [Settings, Clock, Transactions],
})
class CoreModule {}

/** The whole server: one line a room, lowest floor first. */
@Module({
  imports: [
    CoreModule,
    TypeOrmModule.forRootAsync({
      inject: [Settings],
      useFactory: (settings: Settings) => ({
        ...appDataSourceOptions(settings),
        autoLoadEntities: true,
        retryAttempts: 3,
        retryDelay: 1_000,
      }),
    }),
    HealthModule.forMigrations(migrations.map((migration) => migration.name)),
    CryptoModule,
    JobsModule,
    OutboxModule,
    IdentityModule,
    ApprovalsModule,
    LedgerModule,
    CatalogueModule,
    EnrollmentModule,
    ProvidersModule,
    FundingModule,
    BenefitsModule,
    ClaimsModule,
    PaymentModule,
    AuditModule,
    ReconcileModule,
    ReportingModule,
    OperationsModule,
    DemoModule,
  ],
})
export class AppModule {}
