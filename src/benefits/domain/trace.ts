import { fen } from '../../common/money/index.js';
import type { TraceCode, TraceStep } from './types.js';

/** A trace step as it is stored: [code, base in fen, ratio, amount in fen, clause, params]. Short, because every settlement has one. */
export type StoredStep = readonly [
  string,
  string,
  string | null,
  string,
  string,
  Readonly<Record<string, string | number>>?,
];

/** JSON-safe form of a trace for a jsonb column; `traceFromJson` reads it back unchanged. */
export function traceToJson(trace: readonly TraceStep[]): StoredStep[] {
  return trace.map((step) => {
    const stored = [step.code, step.base.toString(), step.ratio, step.amount.toString(), step.clause] as const;
    return Object.keys(step.params).length === 0 ? stored : [...stored, step.params];
  });
}

/** Reads a stored trace. */
export function traceFromJson(stored: readonly StoredStep[]): TraceStep[] {
  return stored.map(([code, base, ratio, amount, clause, params]) => ({
    code: code as TraceCode,
    base: fen(BigInt(base)),
    ratio,
    amount: fen(BigInt(amount)),
    clause,
    params: params ?? {},
  }));
}
