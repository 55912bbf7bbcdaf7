import { hostname } from "node:os";
import type { Logger } from "pino";
import { recordAudit } from "../audit/record-audit.ts";
import { newId } from "../db/new-id.ts";
import type { Store } from "../db/open.ts";
import { type DeliverDeps, deliver } from "../dispatch/deliver.ts";
import { failInterruptedTests } from "../dispatch/interrupted-tests.ts";
import type { OpenedConnections } from "../dispatch/opened-connections.ts";
import { QueuePoll } from "../dispatch/queue-poll.ts";
import { DueReader } from "../dispatch/read-due.ts";
import { Worker, type WorkerHooks, type WorkerNotice } from "../dispatch/worker.ts";
import { WorkerRegistry } from "../dispatch/worker-registry.ts";
import type { Changes } from "../realtime/changes.ts";
import { stepReplays } from "../replays/step.ts";
import type { Monitoring } from "./monitoring.ts";
import type { QueueSignals } from "./queue-signals.ts";
import type { Runtime } from "./runtime.ts";
import { isRunning, readPidScope } from "./same-system.ts";

type WorkerInput = {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly monitoring: Monitoring;
  readonly signals: QueueSignals;
  readonly changes: Changes;
  readonly delivery: DeliverDeps & { readonly connections: OpenedConnections };
  /** Recurring work besides replays. */
  readonly everySecond: WorkerHooks["everySecond"];
};

/** Composes the worker that delivers from the queues which this process owns. */
export function composeWorker(input: WorkerInput): Worker {
  const { runtime, store, changes, delivery } = input;
  const { version, now, monotonicNow } = runtime;
  const { health, observer } = input.monitoring;
  const registry = new WorkerRegistry({
    store,
    worker: { id: newId(), pidScope: readPidScope(), host: hostname(), pid: process.pid, version },
    now,
    monotonicNow,
    isRunning,
    health,
  });
  const reader = new DueReader({
    read: health.watchRead("claim", store.readHot),
    hot: store.hot,
    connections: delivery.connections,
    othersEndInMs: (connectionId, timeoutMs) => registry.othersEndInMs(connectionId, timeoutMs),
  });
  const poll = new QueuePoll({
    store,
    owns: (connectionId) => registry.owns(connectionId),
    now,
    publishManyChanges: (workspaceId) => changes.publishMany(workspaceId),
  });
  return new Worker(
    {
      registry,
      reader,
      poll,
      recorder: delivery.recorder,
      deliver: (due, onEnded) => deliver(delivery, due, onEnded),
      observer,
      now,
    },
    workerHooks(input),
  );
}

function workerHooks(input: WorkerInput): WorkerHooks {
  const { runtime, store, monitoring, signals, changes, everySecond } = input;
  const { logger, now } = runtime;
  const { db, dialect } = store;
  const { health } = monitoring;
  const replays = {
    db,
    dialect,
    recordAudit,
    queue: {
      wake: (connectionIds: readonly string[]) => signals.wake(connectionIds),
      recall: (connectionIds: readonly string[]) => signals.recall(connectionIds),
    },
    publishChange: (...change: Parameters<Changes["publish"]>) => changes.publish(...change),
  };
  return {
    wakeOthers: (connectionIds) => signals.wakeOthers(connectionIds),
    notifyMembers: () => signals.membersChanged(),
    everySecond: { replays: () => stepReplays(replays, now()), ...everySecond },
    onInterruptedTests: (deliveryIds) => failInterruptedTests(db, deliveryIds, now()),
    onNotice: (notice) => logNotice(logger, notice),
    onDone: (doing) => {
      if (doing === "poll") health.succeeded("poll");
    },
    onError: (error, doing) => {
      if (doing === "poll" || doing === "claim") health.failed(doing);
      // The failure itself could not be recorded either.
      if (doing === "deliver") health.failed("record");
      logger.error({ err: error, doing }, "delivery worker failed");
    },
  };
}

function logNotice(logger: Logger, notice: WorkerNotice): void {
  if (notice.kind === "lapse") {
    logger.warn(
      { for_ms: Math.round(notice.forMs) },
      "this process could not renew its heartbeat in time: others may have delivered in its place, and it has started nothing meanwhile",
    );
  } else {
    logger.warn(
      { ahead_ms: Math.round(notice.aheadMs) },
      "the clock of this machine and that of the database differ: retries are early or late by as much. Set both by NTP",
    );
  }
}
