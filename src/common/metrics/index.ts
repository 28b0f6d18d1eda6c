export { type FigureHead, Metrics, type Reading } from './metrics.js';
