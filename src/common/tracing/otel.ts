/**
 * The OpenTelemetry SDK behind `SpanMaker`. Loaded only where traces are configured; nothing is instrumented by
 * itself, so that nothing leaves the process but the names and codes that the callers of `traced` give.
 */
import { randomBytes } from 'node:crypto';
import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { ATTR_ERROR_TYPE, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions';
import type { Span, SpanMaker, SpanStart, TracingSettings } from './span.js';

const SPAN_ID_BYTES = 8;
const TRACE_ID_BYTES = 16;
const KIND = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL, client: SpanKind.CLIENT };

/** Random ids, except that a request's trace gets the id that its log lines and its answer have already. */
class RequestIds implements IdGenerator {
  next: string | undefined;

  generateTraceId = (): string => {
    const id = this.next ?? randomBytes(TRACE_ID_BYTES).toString('hex');
    this.next = undefined;
    return id;
  };

  generateSpanId = (): string => randomBytes(SPAN_ID_BYTES).toString('hex');
}

/** Starts the SDK with one exporter, OTLP over HTTP; its other standard variables (headers, timeout) are its own. */
export function createSpanMaker(settings: TracingSettings): SpanMaker {
  const ids = new RequestIds();
  const exporter = new OTLPTraceExporter({ url: `${settings.endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: settings.serviceName,
      [ATTR_SERVICE_VERSION]: settings.version,
      'service.instance.id': settings.instance,
    }),
    idGenerator: ids,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(settings.sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  const tracer = provider.getTracer('tongchou', settings.version);
  return {
    start: (span) => {
      const { parent, root } = parentOf(span);
      ids.next = root;
      return spanOf(tracer.startSpan(span.name, { kind: KIND[span.kind], attributes: { ...span.facts } }, parent));
    },
    active: () => {
      const span = trace.getActiveSpan();
      return span === undefined ? undefined : spanOf(span);
    },
    stop: async () => {
      await provider.shutdown();
      trace.disable();
      context.disable();
    },
  };
}

/** Below the caller's span, below the active one, or first of its trace, whose id `root` then is. */
function parentOf({ request }: SpanStart): { parent: Context; root: string | undefined } {
  if (request === undefined) return { parent: context.active(), root: undefined };
  if (request.parent === undefined) return { parent: ROOT_CONTEXT, root: request.traceId };
  const { traceId, spanId, sampled } = request.parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  const remote = { traceId, spanId, traceFlags, isRemote: true };
  return { parent: trace.setSpanContext(ROOT_CONTEXT, remote), root: undefined };
}

function spanOf(span: OtelSpan): Span {
  return {
    traceId: span.spanContext().traceId,
    rename: (name) => {
      span.updateName(name);
    },
    add: (facts) => {
      span.setAttributes({ ...facts });
    },
    fail: (code) => {
      span.setAttribute(ATTR_ERROR_TYPE, code);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => {
      span.end();
    },
    run: (work) => context.with(trace.setSpan(context.active(), span), work),
  };
}
