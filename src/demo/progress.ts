/** Parts of a load that are timed: what a training officer watches and a benchmark adds up. */
export type DemoPhase = 'registers' | 'people' | 'credits' | 'past' | 'bills' | 'budgets' | 'months';

/** One part that is done. */
export interface DemoPart {
  readonly phase: DemoPhase;
  /** What of the phase: a month, a scheme and month, … */
  readonly what: string;
  /** Persons or bills in it; 0 where nothing is counted. */
  readonly count: number;
  readonly seconds: number;
  /** Resident memory of the process afterwards, in MB. */
  readonly memory: number;
}

/** Runs a part of the load and tells of it; `work` answers how many persons or bills it was about. */
export type Timed = (phase: DemoPhase, what: string, work: () => Promise<number>) => Promise<void>;

export function timer(tell: (part: DemoPart) => void): Timed {
  return async (phase, what, work) => {
    const start = performance.now();
    const count = await work();
    const seconds = (performance.now() - start) / 1000;
    tell({ phase, what, count, seconds, memory: Math.round(process.memoryUsage.rss() / 1_048_576) });
  };
}

/** What a whole load came to, by phase; phases that run side by side are added up as if they did not. */
export class DemoSummary {
  private readonly start = performance.now();
  private readonly phases = new Map<DemoPhase, { count: number; seconds: number }>();
  private memory = 0;

  add({ phase, count, seconds, memory }: DemoPart): void {
    const known = this.phases.get(phase) ?? { count: 0, seconds: 0 };
    this.phases.set(phase, { count: known.count + count, seconds: known.seconds + seconds });
    this.memory = Math.max(this.memory, memory);
  }

  /** Seconds of wall clock, the greatest resident memory in MB, and each phase with its persons or bills and seconds. */
  total(): {
    phase: 'total';
    seconds: number;
    memory: number;
    phases: Record<string, { count: number; seconds: number }>;
  } {
    const seconds = (performance.now() - this.start) / 1000;
    return { phase: 'total', seconds, memory: this.memory, phases: Object.fromEntries(this.phases) };
  }

  sentence(): string {
    const of = (phase: DemoPhase): string => String(this.phases.get(phase)?.count ?? 0);
    const { seconds, memory } = this.total();
    return `the demonstration is loaded: ${of('people')} persons, ${of('bills')} bills, ${seconds.toFixed(0)} s, at most ${String(memory)} MB`;
  }
}
