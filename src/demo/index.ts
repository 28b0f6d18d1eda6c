export { Demo, type DemoOptions, type DemoResult } from './demo.service.js';
export { DemoModule } from './demo.module.js';
export { type DemoPart, type DemoPhase, DemoSummary } from './progress.js';
