import { recordAudit } from "../audit/record-audit.ts";
import { updateAfterAttempts } from "../connections/update-after-attempts.ts";
import type { Connector } from "../connectors/contract.ts";
import { findConnector } from "../connectors/registry.ts";
import type { Store } from "../db/open.ts";
import type { RecordListeners } from "../dispatch/announce-recorded.ts";
import type { TraceAttempt } from "../dispatch/attempt-trace.ts";
import { AttemptWriter } from "../dispatch/attempt-writer.ts";
import type { DeliverDeps } from "../dispatch/deliver.ts";
import type { EngineHealth } from "../dispatch/engine-health.ts";
import { describeFault, type OnFault } from "../dispatch/internal-error.ts";
import { Judge } from "../dispatch/judge.ts";
import { Recorder } from "../dispatch/recorder.ts";
import { Sender, type SendSigned, type StagesListener } from "../dispatch/sender.ts";
import type { EventRoutes } from "../ingest/event-routes.ts";
import { countReplayedAttempts } from "../replays/count-replayed-attempts.ts";
import type { Runtime } from "./runtime.ts";

type DeliveryPathInput = {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly health: EngineHealth;
  readonly eventRoutes: EventRoutes;
  readonly listeners: RecordListeners;
  readonly sending: {
    readonly sendSigned: SendSigned;
    readonly stagesListener: StagesListener;
    readonly tracing: { readonly traceAttempt: TraceAttempt } | null;
  };
};

/** Composes the path of one delivery from its queue to its record: see `dispatch/deliver.ts`. */
export function composeDeliveryPath(input: DeliveryPathInput): DeliverDeps {
  const { logger, version, now, wallNow } = input.runtime;
  const onFault: OnFault = (error, { id, connection, event }) =>
    logger.error(
      { ...describeFault(error), delivery_id: id, connection_id: connection.id, event_id: event.id },
      "delivery could not be handled",
    );
  const { sendSigned, stagesListener, tracing } = input.sending;
  const traceAttempt = tracing?.traceAttempt ?? null;
  const sender = new Sender({
    connectorFor: requireConnector,
    version,
    wallNow,
    sendSigned,
    stagesListener,
  });
  const judge = new Judge({
    connectorFor: requireConnector,
    wallNow,
    now,
    random: Math.random,
    onFault,
  });
  return { sender, recorder: composeRecorder(input, judge), now, onFault, traceAttempt };
}

function composeRecorder(input: DeliveryPathInput, judge: Judge): Recorder {
  const { store, health, eventRoutes, listeners } = input;
  const { now } = input.runtime;
  const writer = new AttemptWriter({
    hot: store.hot,
    dialect: store.dialect,
    eventRoutes,
    now,
    recordResults: (trx, connectionId, attempts) =>
      updateAfterAttempts({ dialect: store.dialect, recordAudit }, trx, connectionId, attempts),
    countReplayed: (trx, attempts, at) =>
      countReplayedAttempts({ dialect: store.dialect, recordAudit }, trx, attempts, at),
  });
  return new Recorder({
    store: { ...store, transact: health.watch("record", store.transact) },
    judge,
    writer,
    listeners,
    now,
  });
}

function requireConnector(provider: string): Connector {
  const connector = findConnector(provider);
  if (connector === null) throw new Error(`no connector for provider ${provider}`);
  return connector;
}
