import type { Outcome } from "../domain/outcome.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { Recorded } from "./recorder.ts";

/** Follows one attempt from step to step. None of these may throw. */
export type AttemptTrace = {
  /** The request is written and signed, and is sent next. */
  readonly signed: () => void;
  /** The receiver is done with it, or signing failed; the result is recorded next. */
  readonly answered: (outcome: Outcome) => void;
  /** Null when the result could not be recorded. */
  readonly recorded: (recorded: Recorded | null) => void;
};

/** Begins to follow an attempt that starts now. */
export type TraceAttempt = (delivery: DueDelivery) => AttemptTrace;
