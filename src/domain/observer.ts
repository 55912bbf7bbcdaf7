import type { AttemptTrigger } from "./delivery.ts";

/** One finished attempt as the log and the metrics see it. Nothing in it can be used to call the receiver. */
export type ObservedAttempt = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly deliveryId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly attemptNumber: number;
  readonly trigger: AttemptTrigger;
  /** The result for the delivery. */
  readonly result: "delivered" | "retry" | "failed";
  /** HTTP status of the response, null when there was none. */
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  /** From the commit of the event to the end of this attempt. */
  readonly sinceAcceptedMs: number;
};

export type CommitKind = "accept" | "claim" | "record";

/** Receives what the engine has done. Called on the hot path, so it must cost next to nothing. */
export type Observer = {
  readonly accepted: (events: number) => void;
  readonly attempted: (attempt: ObservedAttempt) => void;
  readonly committed: (kind: CommitKind, rows: number, durationMs: number) => void;
  /** Attempts whose delivery was changed, or sent by another process, before they were recorded. */
  readonly superseded: (attempts: number) => void;
};
