export { Demo, type DemoOptions, type DemoResult } from './demo.service.js';
export { DemoModule } from './demo.module.js';
export { DemoRegionEntity, DemoStepEntity } from './demo.entity.js';
