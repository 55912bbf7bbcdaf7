import { AlertWatch } from "../alerts/alert-watch.ts";
import { openCredentials } from "../connections/endpoint.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Bus } from "../db/notify.ts";
import type { Store } from "../db/open.ts";
import type { TestEvent } from "../dispatch/accept-test.ts";
import type { RecordListeners } from "../dispatch/announce-recorded.ts";
import { deliver } from "../dispatch/deliver.ts";
import { deliverNow } from "../dispatch/deliver-now.ts";
import type { DueDelivery } from "../dispatch/due-delivery.ts";
import { OpenedConnections } from "../dispatch/opened-connections.ts";
import type { SendSigned } from "../dispatch/sender.ts";
import type { TestResult } from "../dispatch/test-result.ts";
import type { Worker } from "../dispatch/worker.ts";
import type { RetentionDays } from "../domain/retention-days.ts";
import type { StoreKey } from "../idempotency/only-once.ts";
import { Acceptor } from "../ingest/accept-events.ts";
import { EventRoutes } from "../ingest/event-routes.ts";
import type { Changes } from "../realtime/changes.ts";
import type { Retention } from "../retention/retention.ts";
import { StatisticsFolder } from "../statistics/fold.ts";
import type { Accepting, Tracing } from "../telemetry/tracing.ts";
import { composeDeliveryPath } from "./delivery-path.ts";
import type { MailService } from "./mail.ts";
import { Monitoring } from "./monitoring.ts";
import { QueueSignals } from "./queue-signals.ts";
import { composeRetention } from "./retention.ts";
import type { Runtime } from "./runtime.ts";
import { composeWorker } from "./worker.ts";

export type EngineInput = {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly bus: Bus;
  readonly changes: Changes;
  readonly sending: {
    readonly keyring: Keyring;
    readonly sendSigned: SendSigned;
    /** Null when nothing is traced. */
    readonly tracing: Tracing | null;
  };
  readonly mail: MailService;
  readonly settings: EngineSettings;
};

type EngineSettings = {
  /** The instance's retention, which a workspace can shorten for itself. */
  readonly retentionDays: RetentionDays;
  readonly metricsPerConnection: boolean;
};

export type Engine = {
  readonly acceptor: Accepting;
  readonly worker: Worker;
  readonly signals: QueueSignals;
  /** Sends a test event without queueing it, and waits until its result is recorded. */
  readonly deliverNow: (event: TestEvent, storeKey: StoreKey) => Promise<TestResult>;
  readonly monitoring: Monitoring;
  readonly retention: Retention;
  readonly folder: StatisticsFolder;
  readonly alertWatch: AlertWatch;
  readonly mail: MailService;
};

/** Composes the parts that accept events, deliver them, delete expired ones and count everything. */
export function composeEngine({ runtime, store, changes, sending, mail, ...input }: EngineInput): Engine {
  const { now } = runtime;
  const { keyring, sendSigned, tracing } = sending;
  const signals = new QueueSignals(input.bus);
  const monitoring = new Monitoring(runtime, store, () => worker, input.settings.metricsPerConnection);
  const { health, observer } = monitoring;
  const listeners: RecordListeners = {
    observer,
    publishChange: (...change) => changes.publish(...change),
    wake: (connectionIds) => signals.wake(connectionIds),
    recall: (connectionIds) => signals.recall(connectionIds),
  };
  const connections = new OpenedConnections(({ sealed, ...binding }) =>
    openCredentials(keyring, binding, sealed),
  );
  const eventRoutes = new EventRoutes();
  const delivery = composeDeliveryPath({
    runtime,
    store,
    health,
    eventRoutes,
    listeners,
    sending: { sendSigned, tracing, stagesListener: (signed) => changes.stagesListener(signed) },
  });
  const folder = new StatisticsFolder(store, now);
  const alertWatch = watchAlerts(store, mail, listeners, now);
  const testing = {
    db: store.db,
    hot: store.hot,
    connections,
    deliver: (due: DueDelivery) => deliver(delivery, due),
    now,
  };
  const delivering = { ...delivery, connections };
  const everySecond = recurring(folder, alertWatch, mail);
  const parts = { runtime, store, monitoring, signals, changes, delivery: delivering, everySecond };
  const worker = composeWorker(parts);
  signals.serve(worker);
  const acceptor = new Acceptor({
    store: { ...store, transact: health.watch("accept", store.transact) },
    eventRoutes,
    handover: worker.handover,
    now,
    observer,
    wake: listeners.wake,
    publishChange: listeners.publishChange,
  });
  return {
    acceptor: tracing?.traceAccepting(acceptor) ?? acceptor,
    worker,
    signals,
    deliverNow: (event, storeKey) => deliverNow(testing, event, storeKey),
    monitoring,
    retention: composeRetention(runtime, store, input.settings.retentionDays),
    folder,
    alertWatch,
    mail,
  };
}

function watchAlerts(
  store: Store,
  { publicUrl, queue }: MailService,
  { wake }: RecordListeners,
  now: () => number,
): AlertWatch {
  return new AlertWatch({ store, publicUrl, mailQueue: queue, now, wake });
}

/** Recurring work of the delivering processes; each kind runs in one process at a time. */
function recurring(folder: StatisticsFolder, alertWatch: AlertWatch, { postman }: MailService) {
  return {
    statistics: () => folder.foldSome(),
    alerts: () => alertWatch.evaluateSome(),
    mail: () => postman.sendSome(),
  };
}
