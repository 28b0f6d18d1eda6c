import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/index.js';
import { CoveragesController } from './coverages.controller.js';
import { Coverages } from './coverages.service.js';
import { PersonsController } from './persons.controller.js';
import { Persons } from './persons.service.js';
import { Roster } from './roster.js';
import { SealedPersons } from './sealed-persons.js';

@Module({
  imports: [CatalogueModule],
  controllers: [PersonsController, CoveragesController],
  providers: [Persons, Coverages, Roster, SealedPersons],
  exports: [Persons, Coverages, Roster],
})
export class EnrollmentModule {}
