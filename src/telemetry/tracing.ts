import type { TraceAttempt } from "../dispatch/attempt-trace.ts";
import type { Acceptor } from "../ingest/accept-events.ts";

/** What the API calls of the acceptor. */
export type Accepting = Pick<Acceptor, "accept" | "idle">;

/** Records what becomes of events as spans, and exports them in the background. */
export type Tracing = {
  readonly traceAttempt: TraceAttempt;
  /** The same acceptor, with a span for each request. */
  readonly traceAccepting: (acceptor: Accepting) => Accepting;
  /** Exports what is left; takes no longer than one export may. */
  readonly close: () => Promise<void>;
};
