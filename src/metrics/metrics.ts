import { Counter, Registry } from "prom-client";
import { type AttemptSummary, addAttemptMetrics } from "./attempt-metrics.ts";
import { addCommitMetrics, type CommitKind } from "./commit-metrics.ts";
import { addConnectionMetrics, type ConnectionMetricsDeps } from "./connection-metrics.ts";
import { addProcessMetrics } from "./process-metrics.ts";
import { addStateMetrics, type StateDeps } from "./state-metrics.ts";

export type Metrics = {
  /** Called for every event, attempt and commit: counting one takes less than a microsecond. */
  readonly observer: {
    readonly accepted: (events: number) => void;
    readonly attempted: (attempt: AttemptSummary) => void;
    readonly committed: (kind: CommitKind, rows: number, durationMs: number) => void;
    readonly superseded: (attempts: number) => void;
  };
  readonly contentType: string;
  /** All metrics in Prometheus's text format 0.0.4. */
  readonly read: () => Promise<string>;
};

/**
 * Counts what the engine does. Labels have few values each: never a name or an address, and connection ids only if the
 * instance enables them.
 */
export function createMetrics(deps: StateDeps, connections: Omit<ConnectionMetricsDeps, "now">): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const accepted = new Counter({
    name: "opensend_events_accepted_total",
    help: "Events stored.",
    registers,
  });
  const superseded = new Counter({
    name: "opensend_attempts_superseded_total",
    help: "Attempts whose delivery was changed, or sent by another process, before they were recorded.",
    registers,
  });
  const attempted = addAttemptMetrics(registry);
  const committed = addCommitMetrics(registry);
  addStateMetrics(registry, deps);
  addConnectionMetrics(registry, { ...connections, now: deps.now });
  addProcessMetrics(registry);
  return {
    observer: {
      accepted: (events) => accepted.inc(events),
      attempted,
      committed,
      superseded: (attempts) => superseded.inc(attempts),
    },
    contentType: registry.contentType,
    read: () => registry.metrics(),
  };
}
