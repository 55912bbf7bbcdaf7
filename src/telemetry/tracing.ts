import type { TraceAttempt } from "../dispatch/attempt-trace.ts";
import type { Acceptor } from "../ingest/accept-events.ts";

/** The part of the acceptor that the API calls. */
export type Accepting = Pick<Acceptor, "accept" | "idle">;

/** Records the processing of events as spans, and exports them in the background. */
export type Tracing = {
  readonly traceAttempt: TraceAttempt;
  /** Wraps an acceptor to record a span for each request. */
  readonly traceAccepting: (acceptor: Accepting) => Accepting;
  /** Exports the remaining spans, for at most one export's timeout. */
  readonly close: () => Promise<void>;
};
