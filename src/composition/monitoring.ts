import type { Store } from "../db/open.ts";
import { BacklogReader } from "../dispatch/backlogs.ts";
import { combineObservers } from "../dispatch/combine-observers.ts";
import { EngineHealth, WORK_KINDS } from "../dispatch/engine-health.ts";
import { logAttempts } from "../dispatch/log-attempts.ts";
import { QueueDepthReader } from "../dispatch/queue-depth.ts";
import type { Worker } from "../dispatch/worker.ts";
import type { Observer } from "../domain/observer.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import type { Runtime } from "./runtime.ts";

type WatchedWorker = Pick<Worker, "inFlight" | "lastHeartbeatAt">;

/** Monitors the engine: its health, its metrics and its log. */
export class Monitoring {
  readonly health: EngineHealth;
  readonly queueDepth: QueueDepthReader;
  readonly metrics: Metrics;
  /** Counts and logs what the engine does. */
  readonly observer: Observer;

  /** The worker is passed as a function because it is created later, with this observer. */
  constructor(
    { logger, version, now }: Runtime,
    store: Store,
    worker: () => WatchedWorker,
    perConnection: boolean,
  ) {
    this.health = new EngineHealth(() => performance.now());
    this.queueDepth = new QueueDepthReader(store.db, now);
    const backlogs = new BacklogReader(store.db, now);
    const state = {
      version,
      now,
      readQueue: () => this.queueDepth.read(),
      inFlight: () => worker().inFlight,
      lastHeartbeatAt: () => worker().lastHeartbeatAt,
      readWork: () => Object.fromEntries(WORK_KINDS.map((kind) => [kind, this.health.isFailing(kind)])),
    };
    this.metrics = createMetrics(state, { readBacklogs: () => backlogs.read(), perConnection });
    this.observer = combineObservers(this.metrics.observer, logAttempts(logger));
  }
}
