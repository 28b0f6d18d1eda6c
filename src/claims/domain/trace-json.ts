import type { TraceStep } from '../../benefits/index.js';
import { fen } from '../../common/money/index.js';

/** A step as it is stored: fen as text, in a short array, because every settlement carries some ten of them. */
type StoredStep = readonly [
  code: string,
  base: string,
  ratio: string | null,
  amount: string,
  clause: string,
  params: Readonly<Record<string, string | number>>,
];

/** Trace → JSON column. */
export function traceJson(trace: readonly TraceStep[]): StoredStep[] {
  return trace.map((step) => [
    step.code,
    step.base.toString(),
    step.ratio,
    step.amount.toString(),
    step.clause,
    step.params,
  ]);
}

/** JSON column → trace. */
export function traceOf(stored: unknown): TraceStep[] {
  return (stored as StoredStep[]).map(([code, base, ratio, amount, clause, params]) => ({
    code: code as TraceStep['code'],
    base: fen(BigInt(base)),
    ratio,
    amount: fen(BigInt(amount)),
    clause,
    params,
  }));
}
