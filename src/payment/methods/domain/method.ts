import type { AdvanceInput, AdvanceResult } from '../../advance/domain/advance.js';
import type { AdvanceTraceFacts } from '../../advance/domain/trace.js';
import type { ClearingInput, ClearingResult, Settlement } from '../../clearing/domain/clearing.js';
import type { ClearingTraceFacts } from '../../clearing/domain/trace.js';
import type { ClearingPolicy } from '../../domain/policy.js';
import type { TraceLine } from '../../domain/trace.js';

/** A method of payment (付费方式): pure functions over data, the same shape for every method (payment.md §5). */
export interface PaymentMethod {
  /** Code as agreements name it, e.g. `global-budget`. */
  readonly code: string;
  /** The advance of one provider for a month, with its trace. */
  monthly(
    input: AdvanceInput,
    facts: AdvanceTraceFacts,
  ): { readonly result: AdvanceResult; readonly trace: readonly TraceLine[] };
  /** The annual clearing of one provider before it shares in the forfeits. */
  annual(input: ClearingInput, policy: ClearingPolicy): ClearingResult;
  /** The trace of the clearing, when the share of the forfeits is known. */
  annualTrace(
    input: ClearingInput,
    result: ClearingResult,
    settlement: Settlement,
    facts: ClearingTraceFacts,
  ): readonly TraceLine[];
}
