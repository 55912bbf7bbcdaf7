import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { recordAudit } from "../audit/record-audit.ts";
import { forgetInvitations, forgetSessions } from "../auth/forget-expired.ts";
import { forgetThrottles } from "../auth/sign-in-throttle.ts";
import type { Options } from "../config/options.ts";
import { openCredentials } from "../connections/endpoint.ts";
import { noteAttempts } from "../connections/note-attempts.ts";
import type { Connector } from "../connectors/contract.ts";
import { findConnector } from "../connectors/registry.ts";
import type { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/new-id.ts";
import type { Bus } from "../db/notify.ts";
import type { Store } from "../db/open.ts";
import type { TestEvent } from "../dispatch/accept-test.ts";
import { AttemptWriter } from "../dispatch/attempt-writer.ts";
import { combineObservers } from "../dispatch/combine-observers.ts";
import { deliver } from "../dispatch/deliver.ts";
import { deliverNow } from "../dispatch/deliver-now.ts";
import type { DueDelivery } from "../dispatch/due-delivery.ts";
import { EngineHealth, WORK_KINDS } from "../dispatch/engine-health.ts";
import { describeFault, type OnFault } from "../dispatch/internal-error.ts";
import { failInterruptedTests } from "../dispatch/interrupted-tests.ts";
import { Judge } from "../dispatch/judge.ts";
import { logAttempts } from "../dispatch/log-attempts.ts";
import { type OpenCredentials, OpenedConnections } from "../dispatch/opened-connections.ts";
import { QueueDepthReader } from "../dispatch/queue-depth.ts";
import { QueuePoll } from "../dispatch/queue-poll.ts";
import { DueReader } from "../dispatch/read-due.ts";
import { Recorder } from "../dispatch/recorder.ts";
import { Sender, type SendSigned } from "../dispatch/sender.ts";
import type { TestResult } from "../dispatch/test-result.ts";
import { Worker, type WorkerNotice } from "../dispatch/worker.ts";
import { WorkerRegistry } from "../dispatch/worker-registry.ts";
import type { NoteChange } from "../domain/note-change.ts";
import { forgetIdempotencyKeys } from "../idempotency/kept-responses.ts";
import type { KeepKey } from "../idempotency/only-once.ts";
import { Acceptor } from "../ingest/accept-events.ts";
import { EventRoutes } from "../ingest/event-routes.ts";
import { forgetInspected } from "../inspector/requests.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import type { Changes } from "../realtime/changes.ts";
import { noteReplayedAttempts } from "../replays/note-attempts.ts";
import { stepReplays } from "../replays/step.ts";
import { listChores } from "../retention/list-chores.ts";
import { Retention } from "../retention/retention.ts";

export type EngineInput = {
  readonly options: Options;
  readonly logger: Logger;
  readonly version: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly sendSigned: SendSigned;
  readonly keyring: Keyring;
  readonly changes: Changes;
  readonly now: () => number;
  readonly wallNow: () => number;
  readonly monotonicNow: () => number;
};

export type Engine = {
  readonly acceptor: Acceptor;
  /** Sends a test event past its connection's queue, and waits until its result is recorded. */
  readonly deliverNow: (event: TestEvent, keep: KeepKey) => Promise<TestResult>;
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
  const noteChange: NoteChange = (...change) => changes.note(...change);
  const queueDepth = new QueueDepthReader(store, now);
  const health = new EngineHealth(() => performance.now());
  const metrics = createMetrics({
    version,
    now,
    readQueue: () => queueDepth.read(),
    inFlight: () => worker.inFlight,
    lastBeatAt: () => registry.lastBeatAt,
    readWork: () => Object.fromEntries(WORK_KINDS.map((kind) => [kind, health.isFailing(kind)])),
  });
  const observer = combineObservers(metrics.observer, logAttempts(logger));
  const open: OpenCredentials = ({ sealed, ...binding }) => openCredentials(keyring, binding, sealed);
  const connections = new OpenedConnections(open);
  const eventRoutes = new EventRoutes();
  const onFault: OnFault = (error, { id, connection, event }) =>
    logger.error(
      { ...describeFault(error), delivery_id: id, connection_id: connection.id, event_id: event.id },
      "delivery could not be handled",
    );
  const wake = (connectionIds: readonly string[]) => worker.wake(connectionIds);
  const recall = (connectionIds: readonly string[]) => {
    worker.recall(connectionIds);
    bus.publish("recall", connectionIds);
    // A change may end a rest.
    worker.wake(connectionIds);
  };
  const judge = new Judge({
    connectorFor: requireConnector,
    wallNow: input.wallNow,
    now,
    random: Math.random,
    onFault,
  });
  const writer = new AttemptWriter({
    hot: store.hot,
    eventRoutes,
    now,
    noteAttempts: (trx, connectionId, attempts) =>
      noteAttempts({ dialect: store.dialect, recordAudit }, trx, connectionId, attempts),
    noteReplayed: (trx, attempts, at) => noteReplayedAttempts({ recordAudit }, trx, attempts, at),
  });
  const recorder = new Recorder({
    store: { ...store, transact: health.watch("record", store.transact) },
    judge,
    writer,
    listeners: { observer, noteChange, wake, recall },
    now,
  });
  const sender = new Sender({
    connectorFor: requireConnector,
    version,
    wallNow: input.wallNow,
    sendSigned: input.sendSigned,
    stagesListener: (signed) => changes.stagesListener(signed),
  });
  const deliverDeps = { sender, recorder, now, onFault };
  const registry = new WorkerRegistry({
    store,
    worker: { id: newId(), bootId: readBootId(), host: hostname(), pid: process.pid, version },
    now,
    monotonicNow: input.monotonicNow,
    health,
  });
  const worker: Worker = new Worker(
    {
      registry,
      reader: new DueReader({
        read: health.watchRead("claim", store.readHot),
        hot: store.hot,
        connections,
      }),
      poll: new QueuePoll({
        store,
        owns: (id) => registry.owns(id),
        now,
        noteManyChanges: (workspaceId) => changes.noteMany(workspaceId),
      }),
      recorder,
      deliver: (due, onAnswered) => deliver(deliverDeps, due, onAnswered),
      observer,
      now,
    },
    {
      tellPeers: (connectionIds) => bus.publish("due", connectionIds),
      tellMembers: () => bus.publish("members", ["changed"]),
      everySecond: () => stepReplays({ db, dialect: store.dialect, wake, noteChange }, now()),
      onInterruptedTests: (deliveryIds) => failInterruptedTests(db, deliveryIds, now()),
      onNotice: (notice) => logNotice(logger, notice),
      onDone: (doing) => {
        if (doing === "poll") health.succeeded("poll");
      },
      onError: (error, doing) => {
        if (doing === "poll" || doing === "claim") health.failed(doing);
        // Not even that it failed could be recorded.
        if (doing === "deliver") health.failed("record");
        logger.error({ err: error, doing }, "delivery worker failed");
      },
    },
  );
  // Only what is this worker's own: what is not would go round and round. The poll finds what is lost.
  bus.subscribe(
    "due",
    (connectionIds) => worker.wakeOwn(connectionIds),
    () => undefined,
  );
  // A hint that is lost costs what was read ahead: half a second of work.
  bus.subscribe(
    "recall",
    (connectionIds) => worker.recall(connectionIds),
    () => undefined,
  );
  bus.subscribe(
    "members",
    () => worker.beatNow(),
    () => undefined,
  );
  const chores = {
    store,
    limits: { payloadDays: options.payloadRetentionDays, statusDays: options.statusRetentionDays },
    forgetInspected,
    expiring: [
      ["idempotency keys", forgetIdempotencyKeys],
      ["sign-in throttles", forgetThrottles],
      ["sessions", forgetSessions],
      ["invitations", forgetInvitations],
    ],
  } as const;
  const retention = new Retention({
    store,
    listChores: (at) => listChores(chores, at),
    now,
    onRun: (deleted) => logger.info({ deleted }, "retention"),
    onError: (error) => logger.error({ err: error }, "retention failed"),
  });
  const acceptor = new Acceptor({
    store: { ...store, transact: health.watch("accept", store.transact) },
    eventRoutes,
    handover: worker.handover,
    now,
    observer,
    wake,
    noteChange,
  });
  const deliverNowDeps = {
    db,
    hot: store.hot,
    connections,
    deliver: (due: DueDelivery) => deliver(deliverDeps, due),
    now,
  };
  return {
    acceptor,
    deliverNow: (event, keep) => deliverNow(deliverNowDeps, event, keep),
    worker,
    health,
    retention,
    metrics,
    queueDepth,
    recall,
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
