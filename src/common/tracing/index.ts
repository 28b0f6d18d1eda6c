export {
  activeTraceId,
  requestTraceId,
  startRequestSpan,
  startTracing,
  stopTracing,
  traced,
  tracedPart,
} from './tracing.js';
export { newTraceId } from './trace-id.js';
export type { Span } from './span.js';
