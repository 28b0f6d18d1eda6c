import { randomBytes } from 'node:crypto';

const BYTES = 16;
/** W3C Trace Context, version 00: version-trace-parent-flags; all zeros is not an id. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Where a caller says that this request belongs. */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** A new trace id: 32 hexadecimal digits, as W3C Trace Context and OpenTelemetry write it. */
export function newTraceId(): string {
  return randomBytes(BYTES).toString('hex');
}

/** Reads a `traceparent` header; undefined when there is none or it is not one of version 00. */
export function readTraceParent(header: unknown): TraceParent | undefined {
  const parts = typeof header === 'string' ? TRACEPARENT.exec(header) : null;
  if (parts?.[1] === undefined || parts[2] === undefined) return undefined;
  return { traceId: parts[1], spanId: parts[2], sampled: (Number.parseInt(parts[3] ?? '0', 16) & 1) === 1 };
}
