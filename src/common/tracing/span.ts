import type { TraceParent } from './trace-id.js';

/** What a span may say: few, fixed words and figures. Never a path, a parameter, a message of an error or an id of a person. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** One piece of work that is being timed. */
export interface Span {
  readonly traceId: string;
  /** Names it anew, once it is known what it was: the route of a request. */
  rename(name: string): void;
  add(facts: SpanFacts): void;
  /** Marks it failed, with a code (`claims.month-closed`, an SQLSTATE), and nothing else of the error. */
  fail(code: string): void;
  end(): void;
  /** Runs `work` with this span as the parent of what begins in it. */
  run<T>(work: () => T): T;
}

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'internal' | 'client';
  readonly facts?: SpanFacts;
  /** A request: its trace id is given, and perhaps the span of the caller. */
  readonly request?: { readonly traceId: string; readonly parent: TraceParent | undefined };
}

/** Makes spans and sends them away; the OpenTelemetry SDK behind one small door. */
export interface SpanMaker {
  start(span: SpanStart): Span;
  /** The span that the running code belongs to. */
  active(): Span | undefined;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export interface TracingSettings {
  /** Base URL of an OTLP/HTTP collector; empty switches tracing off. */
  readonly endpoint: string;
  readonly serviceName: string;
  readonly version: string;
  readonly instance: string;
  /** Share of the traces begun here that are recorded, 0 to 1; a caller's decision is followed. */
  readonly sampleRatio: number;
}
