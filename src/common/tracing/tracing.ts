import type { Span, SpanFacts, SpanMaker, SpanStart, TracingSettings } from './span.js';
import { newTraceId, readTraceParent } from './trace-id.js';

let maker: SpanMaker | undefined;

/** Loads OpenTelemetry and begins, if an endpoint is configured; otherwise nothing is loaded and nothing costs. */
export async function startTracing(settings: TracingSettings): Promise<void> {
  if (settings.endpoint === '' || maker !== undefined) return;
  const { createSpanMaker } = await import('./otel.js');
  maker = createSpanMaker(settings);
}

/** Sends what is left and ends tracing. */
export async function stopTracing(): Promise<void> {
  const ending = maker;
  maker = undefined;
  await ending?.stop();
}

/** The trace id of a new request: the caller's, where traces are joined; otherwise one that nobody can choose. */
export function requestTraceId(traceparent: unknown): string {
  if (maker === undefined) return newTraceId();
  return readTraceParent(traceparent)?.traceId ?? newTraceId();
}

/** Begins the span of a request; undefined while tracing is off. */
export function startRequestSpan(method: string, traceId: string, traceparent: unknown): Span | undefined {
  const parent = readTraceParent(traceparent);
  return maker?.start({
    name: method,
    kind: 'server',
    facts: { 'http.request.method': method },
    request: { traceId, parent: parent?.traceId === traceId ? parent : undefined },
  });
}

/** Times a unit of work that may begin a trace of its own: a step of a job, an event handed on. */
export function traced<T>(name: string, facts: SpanFacts, work: () => Promise<T>): Promise<T> {
  return maker === undefined ? work() : timed(maker.start({ name, kind: 'internal', facts }), work);
}

/** Times a part of something that is traced already; outside of it nothing is recorded (timers ask the database all day). */
export function tracedPart<T>(
  name: string,
  facts: () => SpanFacts,
  work: () => Promise<T>,
  kind: SpanStart['kind'] = 'internal',
): Promise<T> {
  if (maker?.active() === undefined) return work();
  return timed(maker.start({ name, kind, facts: facts() }), work);
}

/** The trace that the running code belongs to; undefined while tracing is off. */
export function activeTraceId(): string | undefined {
  return maker?.active()?.traceId;
}

async function timed<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await span.run(work);
  } catch (error) {
    span.fail(codeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

// A message may quote the values of a row; a code cannot.
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  if (typeof code === 'string' && /^[\w.-]{1,80}$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown';
}
