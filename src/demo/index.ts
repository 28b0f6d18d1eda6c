export { Demo, type DemoOptions, type DemoResult } from './demo.service.js';
export { DemoModule } from './demo.module.js';
