import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.js';
import { AgreementsController } from './agreements.controller.js';
import { Agreements } from './agreements.service.js';
import { InstitutionsController } from './institutions.controller.js';
import { Institutions } from './institutions.service.js';
import { PayeeAccounts } from './payee-accounts.js';
import { Physicians } from './physicians.service.js';
import { Providers } from './providers.facade.js';
import { ProviderRegisters } from './register.js';

@Module({
  imports: [CatalogueModule],
  controllers: [InstitutionsController, AgreementsController],
  providers: [PayeeAccounts, Institutions, Physicians, Agreements, Providers, ProviderRegisters],
  exports: [Providers, ProviderRegisters],
})
export class ProvidersModule {}
