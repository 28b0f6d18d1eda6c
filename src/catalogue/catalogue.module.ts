import { Module } from '@nestjs/common';
import { Areas } from './areas.js';
import { CatalogueItems } from './catalogue-items.js';
import { CatalogueController } from './catalogue.controller.js';
import { Catalogue } from './catalogue.service.js';

@Module({
  controllers: [CatalogueController],
  providers: [Areas, CatalogueItems, Catalogue],
  exports: [Areas, CatalogueItems, Catalogue],
})
export class CatalogueModule {}
