import type { Tx } from '../db/index.js';
import type { LocalDate } from '../time/index.js';

/** Values that survive JSON unchanged; money goes in as text. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** Who asks for a run. Every `Actor` of identity is one. */
export interface JobActor {
  readonly username: string;
  readonly poolArea: string;
}

/** What makes a run one and the same: its kind, the area it is for (a pool or county code) and its period. */
export interface JobIdentity {
  readonly kind: string;
  readonly area: string;
  /** A day, month or year of the business calendar: '2026-10', or '2026-10.2' for a numbered second run of a month. */
  readonly period: string;
}

export interface JobRequest extends JobIdentity {
  readonly params?: JsonObject;
  readonly actor: JobActor;
}

/** `waiting` made, nobody holds it · `running` held, or abandoned when its lease is over · `failed` until told to go on. */
export type JobState = 'waiting' | 'running' | 'done' | 'failed';

export interface JobFault {
  readonly code: string | null;
  readonly message: string;
}

/** A run as everybody may see it. */
export interface JobRun extends JobIdentity {
  readonly id: string;
  readonly poolArea: string;
  readonly params: JsonObject;
  readonly state: JobState;
  /** Number of the worker that holds the run; a worker with a lower number may not write any more. */
  readonly fence: bigint;
  readonly attempts: number;
  readonly unitsPlanned: number | null;
  readonly unitsDone: number;
  readonly result: JsonObject | null;
  readonly error: JobFault | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/**
 * What a room contributes: how its work is cut and done. The frame calls each step in a transaction of its own that
 * commits only while this worker still holds the run; so a step may be tried more than once and takes effect once, as
 * long as its effects are in that transaction (anything else goes to the outbox).
 */
export interface JobHandler {
  readonly kind: string;
  /** Whether an administrator may start it from the list of jobs. */
  readonly byHand?: boolean;
  /** The keys of the units, in the order in which they are done; called once a run. */
  plan(tx: Tx, run: JobRun): Promise<readonly string[]>;
  unit(tx: Tx, run: JobRun, key: string): Promise<void>;
  /** After the last unit: the result that every later caller gets. */
  finish(tx: Tx, run: JobRun): Promise<JsonObject>;
  /** The runs that ought to exist by now. Asked every minute, so a server that was down over a month end catches up. */
  due?(tx: Tx, today: LocalDate): Promise<readonly (JobIdentity & { readonly params?: JsonObject })[]>;
}
