import type { Outcome } from "../domain/outcome.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { Recorded } from "./recorder.ts";

/** Follows one attempt from step to step. None of these may throw. */
export type AttemptTrace = {
  /** The request is written and signed, and will be sent next. */
  readonly signed: () => void;
  /** The request has ended, or signing failed; the result will be recorded next. */
  readonly ended: (outcome: Outcome) => void;
  /** Null when the result could not be recorded. */
  readonly recorded: (recorded: Recorded | null) => void;
};

/** Starts a trace for an attempt that begins now. */
export type TraceAttempt = (delivery: DueDelivery) => AttemptTrace;
