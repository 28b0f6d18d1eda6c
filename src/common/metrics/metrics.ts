import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** A unit of a job is a provider's month or a page of persons: it may well take minutes. */
const UNIT_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

/** One value of a figure, with the labels that tell it from its siblings. */
export interface Reading<L extends string> {
  readonly value: number;
  readonly labels?: Readonly<Partial<Record<L, string>>>;
}

/** What a figure is called and whether it only ever rises. */
export interface FigureHead<L extends string> {
  readonly kind: 'gauge' | 'counter';
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

/** The registry of this server. Labels are few and fixed (route patterns, codes, never ids), so that it cannot grow. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly problems: Counter<'code' | 'status'>;
  private readonly units: Histogram<'kind'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'tongchou_http_request_seconds',
      help: 'Time from request to answer',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS_BUCKETS,
      registers,
    });
    this.problems = new Counter({
      name: 'tongchou_problems_total',
      help: 'Refusals by their permanent code',
      labelNames: ['code', 'status'],
      registers,
    });
    this.units = new Histogram({
      name: 'tongchou_job_unit_seconds',
      help: 'Time of one unit of a job, by the kind of job',
      labelNames: ['kind'],
      buckets: UNIT_BUCKETS,
      registers,
    });
  }

  /** Counts one answered request; `route` is the pattern, or 'none' when no route matched. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status: `${String(Math.floor(status / 100))}xx` }, seconds);
  }

  /** Counts one refusal by its code, e.g. `claims.month-closed`. */
  countProblem(code: string, status: number): void {
    this.problems.inc({ code, status: String(status) });
  }

  /** Counts one unit of a job that was done in so many seconds. */
  observeUnit(kind: string, seconds: number): void {
    this.units.observe({ kind }, seconds);
  }

  /** A counter of a room, e.g. `tongchou_settlements_total`; asking twice gives the same one. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    const known = this.registry.getSingleMetric(name) as Counter<L> | undefined;
    return known ?? new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** A gauge of a room whose value is read when it is asked for. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    this.figure({ kind: 'gauge', name, help }, async () => [{ value: await read() }]);
  }

  /**
   * A figure that is kept elsewhere (a pool, a table) and read when it is asked for. One that cannot be read – the
   * database is away – is left out of the answer; the others are told all the same.
   */
  figure<L extends string>(
    { kind, name, help, labels = [] }: FigureHead<L>,
    read: () => readonly Reading<L>[] | Promise<readonly Reading<L>[]>,
  ): void {
    const options = { name, help, labelNames: labels, registers: [this.registry] };
    const refill = async (metric: Gauge<L> | Counter<L>): Promise<void> => {
      const now = await readings(read);
      metric.reset();
      // A reset leaves a zero where there are no labels; what could not be read is not zero.
      if (now.length === 0 && labels.length === 0) metric.remove();
      for (const { labels: own = {}, value } of now) metric.inc(own as Record<L, string>, value);
    };
    if (kind === 'gauge') new Gauge<L>({ ...options, collect: refillThis(refill) });
    else new Counter<L>({ ...options, collect: refillThis(refill) });
  }

  /** All figures in the Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}

function refillThis<M>(refill: (metric: M) => Promise<void>): (this: M) => Promise<void> {
  return function (this: M) {
    return refill(this);
  };
}

async function readings<L extends string>(
  read: () => readonly Reading<L>[] | Promise<readonly Reading<L>[]>,
): Promise<readonly Reading<L>[]> {
  try {
    return await read();
  } catch {
    return [];
  }
}
