export { CatalogueModule } from './catalogue.module.js';
export { Catalogue } from './catalogue.service.js';
export { CatalogueItems, type CatalogueFilter, type CatalogueRecord } from './catalogue-items.js';
export { type Area, type AreaLevel, Areas } from './areas.js';
export { AreaEntity } from './area.entity.js';
export { type CatalogueItem, type ItemClass, type ItemKind, type PriceLevel } from './domain/snapshot.js';
