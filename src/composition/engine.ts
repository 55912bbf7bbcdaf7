import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { recordAudit } from "../audit/record-audit.ts";
import { forgetInvitations, forgetSessions } from "../auth/forget-expired.ts";
import { forgetThrottles } from "../auth/sign-in-throttle.ts";
import type { Options } from "../config/options.ts";
import type { Connector } from "../connectors/contract.ts";
import { findConnector } from "../connectors/registry.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { Acceptor } from "../delivery/accept.ts";
import type { Changes } from "../delivery/changes/changes.ts";
import { combineObservers } from "../delivery/combine-observers.ts";
import type { DeliveryDeps } from "../delivery/deps.ts";
import { EngineHealth, WORK_KINDS } from "../delivery/engine-health.ts";
import { describeFault } from "../delivery/internal-error.ts";
import { logAttempts } from "../delivery/log-attempts.ts";
import { createOpenedConnections, type OpenCredentials } from "../delivery/opened-connections.ts";
import { createQueueDepth, type QueueDepthReader } from "../delivery/queue-depth.ts";
import { Recorder } from "../delivery/record.ts";
import { noteReplayedAttempts } from "../delivery/replay/note-attempts.ts";
import { stepReplays } from "../delivery/replay/step.ts";
import { createRetention, type Retention } from "../delivery/retention/retention.ts";
import { createRouting } from "../delivery/routing.ts";
import { createWorker, type Worker } from "../delivery/worker.ts";
import { WorkerRegistry } from "../delivery/worker-registry.ts";
import { forgetIdempotencyKeys } from "../idempotency/kept-responses.ts";
import { forgetInspected } from "../inspector/requests.ts";
import { openCredentials } from "../integrations/endpoint.ts";
import { noteAttempts } from "../integrations/note-attempts.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import type { Bus } from "../store/bus.ts";
import { newId } from "../store/new-id.ts";
import type { Store } from "../store/open.ts";

export type EngineInput = {
  readonly options: Options;
  readonly logger: Logger;
  readonly version: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly send: DeliveryDeps["send"];
  readonly deadlineMs: number;
  readonly keyring: Keyring;
  readonly changes: Changes;
  readonly now: () => number;
  readonly wallNow: () => number;
};

export type Engine = {
  readonly acceptor: Acceptor;
  readonly delivery: DeliveryDeps;
  readonly recorder: Recorder;
  readonly worker: Worker;
  readonly health: EngineHealth;
  readonly retention: Retention;
  readonly metrics: Metrics;
  readonly queueDepth: QueueDepthReader;
  /** Told after the commit that connections were changed, for all processes. */
  readonly recall: (connectionIds: readonly string[]) => void;
};

/** What takes events, delivers them, deletes them when their time has come, and counts it all. */
export function composeEngine(input: EngineInput): Engine {
  const { options, logger, version, store, bus, keyring, changes, now } = input;
  const { db } = store;
  const noteChange = changes.note;
  const queueDepth = createQueueDepth(store, now);
  const health = new EngineHealth(() => performance.now());
  const metrics = createMetrics({
    version,
    now,
    readQueue: queueDepth.read,
    inFlight: () => worker.inFlight(),
    lastBeatAt: () => registry.lastBeatAt,
    readWork: () => Object.fromEntries(WORK_KINDS.map((kind) => [kind, health.isFailing(kind)])),
  });
  const observer = combineObservers(metrics.observer, logAttempts(logger));
  const workerId = newId();
  const open: OpenCredentials = ({ sealed, ...binding }) => openCredentials(keyring, binding, sealed);
  const delivery: DeliveryDeps = {
    db,
    dialect: store.dialect,
    hot: store.hot,
    transact: store.transact,
    workerId,
    version,
    deadlineMs: input.deadlineMs,
    now,
    wallNow: input.wallNow,
    connections: createOpenedConnections({ openCredentials: open }),
    routing: createRouting(),
    observer,
    noteChange,
    connectorFor: requireConnector,
    send: input.send,
    stagesListener: changes.stagesListener,
    noteAttempts: (trx, connectionId, attempts) =>
      noteAttempts({ dialect: store.dialect, recordAudit }, trx, connectionId, attempts),
    noteReplayed: (trx, attempts, at) => noteReplayedAttempts({ recordAudit }, trx, attempts, at),
    onFault: (error, { id, connection, event }) =>
      logger.error(
        { ...describeFault(error), delivery_id: id, connection_id: connection.id, event_id: event.id },
        "delivery could not be handled",
      ),
    random: Math.random,
  };
  const wake = (connectionIds: readonly string[]) => worker.wake(connectionIds);
  const recorder = new Recorder({ ...delivery, transact: health.watch("record", store.transact), wake });
  const registry = new WorkerRegistry({
    db,
    worker: { id: workerId, bootId: readBootId(), host: hostname(), pid: process.pid, version },
    now,
    monotonicNow: () => performance.now(),
    health,
  });
  const worker: Worker = createWorker(
    {
      ...delivery,
      transact: health.watch("claim", store.transact),
      registry,
      tellPeers: (connectionIds) => bus.publish("due", connectionIds),
      everySecond: () => stepReplays({ db, dialect: store.dialect, wake, noteChange }, now()),
      noteManyChanges: changes.noteMany,
      onDone: (doing) => {
        if (doing === "poll") health.succeeded("poll");
      },
      onError: (error, doing) => {
        if (doing === "poll" || doing === "claim") health.failed(doing);
        logger.error({ err: error, doing }, "delivery worker failed");
      },
    },
    recorder,
  );
  // Only what is this worker's own: what is not would go round and round. The poll finds what is lost.
  bus.subscribe(
    "due",
    (connectionIds) => worker.wake(connectionIds.filter((id) => registry.owns(id))),
    () => undefined,
  );
  // A hint that is lost costs what was leased ahead: half a second of work.
  bus.subscribe("recall", worker.recall, () => undefined);
  const recall = (connectionIds: readonly string[]) => {
    worker.recall(connectionIds);
    bus.publish("recall", connectionIds);
    // A change may end a rest.
    worker.wake(connectionIds);
  };
  const retention = createRetention({
    store,
    limits: { payloadDays: options.payloadRetentionDays, statusDays: options.statusRetentionDays },
    now,
    forgetIdempotencyKeys,
    forgetThrottles,
    forgetSessions,
    forgetInvitations,
    forgetInspected,
    onPass: (deleted) => logger.info({ deleted }, "retention"),
    onError: (error) => logger.error({ err: error }, "retention failed"),
  });
  const acceptor = new Acceptor({
    store: { ...store, transact: health.watch("accept", store.transact) },
    routing: delivery.routing,
    handover: worker.handover,
    now,
    observer,
    wake,
    noteChange,
  });
  return { acceptor, delivery, recorder, worker, health, retention, metrics, queueDepth, recall };
}

/** Linux tells it; elsewhere it stays empty. */
function readBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function requireConnector(provider: string): Connector {
  const connector = findConnector(provider);
  if (connector === null) throw new Error(`no connector for provider ${provider}`);
  return connector;
}
