import { Histogram, type Registry } from "prom-client";

const KINDS = ["accept", "claim", "record"] as const;
export type CommitKind = (typeof KINDS)[number];

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const ROWS_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Measures size and duration of the hot path's transactions. Returns the function that counts one. */
export function addCommitMetrics(
  registry: Registry,
): (kind: CommitKind, rows: number, durationMs: number) => void {
  const registers = [registry];
  const seconds = new Histogram({
    name: "opensend_commit_duration_seconds",
    help: "Time a transaction of the hot path took, with its waiting for others.",
    labelNames: ["kind"],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const sizes = new Histogram({
    name: "opensend_commit_rows",
    help: "Events, queued deliveries or attempts that shared a transaction or a read.",
    labelNames: ["kind"],
    buckets: ROWS_BUCKETS,
    registers,
  });
  for (const kind of KINDS) for (const one of [seconds, sizes]) one.zero({ kind });
  return (kind, rows, durationMs) => {
    seconds.observe({ kind }, durationMs / 1000);
    sizes.observe({ kind }, rows);
  };
}
