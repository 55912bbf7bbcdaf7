import { Gauge, type Registry } from "prom-client";
import { addGauge } from "./gauge.ts";

export type StateDeps = {
  readonly version: string;
  readonly now: () => number;
  /** Pending deliveries of all processes together; can be some seconds old. */
  readonly readQueue: () => Promise<{ readonly pending: number; readonly oldestDueAt: number | null }>;
  /** This process's requests in flight. */
  readonly inFlight: () => number;
  /** The last heartbeat of this process's worker, epoch milliseconds. */
  readonly lastHeartbeatAt: () => number | null;
  /** Each kind of work, and whether it currently fails in this process. */
  readonly readWork: () => Readonly<Record<string, boolean>>;
};

/** Gauges of the current state. */
export function addStateMetrics(registry: Registry, deps: StateDeps): void {
  addGauge(
    registry,
    "opensend_queue_depth",
    "Pending deliveries of all processes together, a second or two behind.",
    async () => (await deps.readQueue()).pending,
  );
  addGauge(
    registry,
    "opensend_queue_oldest_age_seconds",
    "How long ago the oldest delivery that could leave now was due; 0 when nothing waits.",
    async () => {
      const { oldestDueAt } = await deps.readQueue();
      return oldestDueAt === null ? 0 : Math.max(0, deps.now() - oldestDueAt) / 1000;
    },
  );
  addGauge(registry, "opensend_requests_in_flight", "Requests this process has under way.", deps.inFlight);
  addGauge(
    registry,
    "opensend_worker_last_beat_timestamp_seconds",
    "When this process's worker last said in the database that it is there; 0 before the first time.",
    () => (deps.lastHeartbeatAt() ?? 0) / 1000,
  );
  new Gauge({
    name: "opensend_work_failing",
    help: "Whether this kind of work fails in this process: 1 when it does.",
    labelNames: ["work"],
    registers: [registry],
    collect() {
      for (const [work, isFailing] of Object.entries(deps.readWork())) this.set({ work }, isFailing ? 1 : 0);
    },
  });
  const build = new Gauge({
    name: "opensend_build_info",
    help: "Always 1; the label has the version.",
    labelNames: ["version"],
    registers: [registry],
  });
  build.set({ version: deps.version }, 1);
}
