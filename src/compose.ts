import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Services } from "./api/services.ts";
import { createStreams } from "./api/streams.ts";
import { recordAudit } from "./audit/record-audit.ts";
import type { ApiKeyDeps } from "./auth/api-keys.ts";
import { createKeyLookup } from "./auth/key-lookup.ts";
import { createPeople } from "./auth/people.ts";
import type { SessionDeps } from "./auth/sessions.ts";
import { isStillAllowed } from "./auth/still-allowed.ts";
import { isReachableLocallyOnly } from "./config/load.ts";
import type { Options } from "./config/options.ts";
import type { Secrets } from "./config/secrets.ts";
import type { Connector } from "./connectors/contract.ts";
import { findConnector } from "./connectors/registry.ts";
import { createKeyring, type Keyring, WeakKeyError } from "./crypto/keyring.ts";
import { type Acceptor, createAcceptor } from "./delivery/accept.ts";
import { cancelDeliveries } from "./delivery/cancel.ts";
import { type Changes, createChanges } from "./delivery/changes/changes.ts";
import { combineObservers } from "./delivery/combine-observers.ts";
import { deliverNow } from "./delivery/deliver-now.ts";
import type { DeliveryDeps } from "./delivery/deps.ts";
import { logAttempts } from "./delivery/log-attempts.ts";
import type { NoteChange } from "./delivery/note-change.ts";
import { createOpenedConnections, type OpenCredentials } from "./delivery/opened-connections.ts";
import { createPeers } from "./delivery/peers.ts";
import { createQueueDepth } from "./delivery/queue-depth.ts";
import { createRecorder } from "./delivery/record.ts";
import { noteReplayedAttempts } from "./delivery/replay/note-attempts.ts";
import { stepReplays } from "./delivery/replay/step.ts";
import { restoreOrder } from "./delivery/restore-order.ts";
import { createRetention, type Retention } from "./delivery/retention/retention.ts";
import { createRouting } from "./delivery/routing.ts";
import { nameWorker } from "./delivery/sweep.ts";
import { createWorker, type Worker } from "./delivery/worker.ts";
import { createEgress, type Egress } from "./egress/egress.ts";
import type { IntegrationsDeps } from "./integrations/deps.ts";
import { openCredentials } from "./integrations/endpoint.ts";
import { noteAttempts } from "./integrations/note-attempts.ts";
import { forgetIdempotencyKeys } from "./integrations/only-once.ts";
import { getConnections } from "./integrations/read.ts";
import { releaseHold } from "./integrations/release-hold.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { type Bus, openBus } from "./store/bus.ts";
import { newestMigrationNumber, schemaNumber } from "./store/migrate.ts";
import { openStore, type Store } from "./store/open.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
const DEADLINE_MS = 15_000;
/** A worker says every two seconds that it is there; one that has not for so long does not deliver. */
const WORKER_SILENT_MAX_MS = 30_000;

/** The version in package.json, beside the sources and beside the built program alike. */
export const VERSION: string = readVersion();

/** Where `vite build` puts the dashboard; null where it was not built. */
export function findDashboard(): string | null {
  const dir = join(PROJECT_DIR, "dashboard", "dist");
  return existsSync(join(dir, "index.html")) ? dir : null;
}

export type House = {
  readonly store: Store;
  readonly bus: Bus;
  readonly changes: Changes;
  readonly keyring: Keyring;
  readonly egress: Egress;
  readonly integrations: IntegrationsDeps;
  readonly worker: Worker;
  readonly retention: Retention;
  readonly acceptor: Acceptor;
  readonly sessions: SessionDeps;
  readonly apiKeys: ApiKeyDeps;
  readonly services: Services;
  readonly close: () => Promise<void>;
};

export type ComposeInput = {
  readonly options: Options;
  readonly secrets: Secrets;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly now: () => number;
};

/** Builds every part once and hands it to those who use it. Nothing listens or runs yet. */
export function compose({ options, secrets, logger, publicUrl, now }: ComposeInput): House {
  const keyring = composeKeyring(secrets);
  const store = openStore({
    databaseUrl: options.databaseUrl,
    dataDir: options.dataDir,
    onConnectionError: (error) => logger.warn({ reason: error.message }, "database connection lost"),
  });
  const bus = openBus({
    databaseUrl: options.databaseUrl,
    onError: (error) => logger.warn({ reason: error.message }, "bus between processes failed"),
  });
  const egress = createEgress({
    allowedCidrs: options.allowedCidrs,
    allowLoopback: isReachableLocallyOnly(options),
    proxyUrl: options.outboundProxy,
    deadlineMs: DEADLINE_MS,
  });
  const { db } = store;
  const metrics = createMetrics({
    version: VERSION,
    now,
    readQueue: createQueueDepth(store, now).read,
    inFlight: () => worker.inFlight(),
    lastBeatAt: () => peers.lastBeatAt(),
  });
  const observer = combineObservers(metrics.observer, logAttempts(logger));
  const changes = createChanges({
    db,
    bus,
    readConnections: getConnections,
    onError: (error) => logger.warn({ err: error }, "changes not read"),
  });
  const noteChange: NoteChange = changes.note;
  const integrations: IntegrationsDeps = {
    db,
    keyring,
    checkUrl: egress.checkUrl,
    recordAudit,
    cancelDeliveries,
    restoreOrder,
    noteChange,
    noteManyChanges: changes.noteMany,
    now,
  };
  const workerId = nameWorker(randomBytes(4).toString("hex"));
  const open: OpenCredentials = ({ sealed, ...binding }) => openCredentials(keyring, binding, sealed);
  const delivery: DeliveryDeps = {
    db,
    dialect: store.dialect,
    hot: store.hot,
    transact: store.transact,
    workerId,
    version: VERSION,
    deadlineMs: DEADLINE_MS,
    now,
    connections: createOpenedConnections({ openCredentials: open }),
    routing: createRouting(),
    observer,
    noteChange,
    connectorFor: requireConnector,
    send: egress.send,
    noteAttempts: (trx, connectionId, attempts) => noteAttempts({ recordAudit }, trx, connectionId, attempts),
    noteReplayed: (trx, attempts, at) => noteReplayedAttempts({ recordAudit }, trx, attempts, at),
    random: Math.random,
  };
  const wake = (connectionIds: readonly string[]) => worker.wake(connectionIds);
  const recorder = createRecorder({ ...delivery, wake });
  const peers = createPeers({ db, workerId, version: VERSION, now });
  const worker: Worker = createWorker(
    {
      ...delivery,
      peers,
      tellPeers: (connectionIds) => bus.publish("due", connectionIds),
      everySecond: () => stepReplays({ db, dialect: store.dialect, wake, noteChange }, now()),
      onError: (error, doing) => logger.error({ err: error, doing }, "delivery worker failed"),
    },
    recorder,
  );
  // Only what is this worker's own: what is not would go round and round. The poll finds what is lost.
  bus.subscribe(
    "due",
    (connectionIds) => worker.wake(connectionIds.filter(peers.owns)),
    () => undefined,
  );
  const retention = createRetention({
    store,
    payloadDays: options.payloadRetentionDays,
    statusDays: options.statusRetentionDays,
    now,
    forgetIdempotencyKeys,
    onPass: (deleted) => logger.info({ deleted }, "retention"),
    onError: (error) => logger.error({ err: error }, "retention failed"),
  });
  const acceptor = createAcceptor({ store, routing: delivery.routing, now, observer, wake, noteChange });
  const people = createPeople({
    db,
    dialect: store.dialect,
    sessionSecret: secrets.sessionSecret,
    publicUrl,
    onError: (message) => logger.error({ reason: message }, "sign-in library reported an error"),
  });
  const keyLookup = createKeyLookup(db, now, (error) => logger.warn({ err: error }, "key use not noted"));
  const apiKeys: ApiKeyDeps = { db, now, forgetKey: keyLookup.forget, recordAudit };
  const sessions: SessionDeps = { db, people, sessionSecret: secrets.sessionSecret, now, recordAudit };
  const services: Services = {
    db,
    logger,
    version: VERSION,
    keyring,
    integrations: { ...integrations, deliverNow: (event) => deliverNow(delivery, recorder, event) },
    acceptor,
    deliveries: { db, dialect: store.dialect, now, recordAudit, releaseHold, wake: worker.wake, noteChange },
    sessions,
    apiKeys,
    keyLookup,
    streams: createStreams({
      changes,
      mayStillRead: (identity) => isStillAllowed(db, identity, "read", now()),
      onError: (error) => logger.warn({ err: error }, "streams not looked after"),
    }),
    metrics,
    checkReady: async () => {
      const current = await schemaNumber(db);
      if (current !== newestMigrationNumber()) throw new Error(`schema ${current} is not this version's`);
      const beatAt = peers.lastBeatAt();
      if (beatAt === null || now() - beatAt > WORKER_SILENT_MAX_MS) throw new Error("the worker is silent");
    },
    now,
    settings: {
      publicUrl,
      rateLimitPerMinute: options.rateLimitPerMinute,
      trustedProxies: options.trustedProxies,
      retention: { payloadDays: options.payloadRetentionDays, statusDays: options.statusRetentionDays },
      metricsToken: options.metricsToken,
      dashboardDir: findDashboard(),
    },
  };
  const close = async () => {
    await egress.close();
    services.streams.close();
    changes.stop();
    await bus.close();
    await store.close();
  };
  return {
    store,
    bus,
    changes,
    keyring,
    egress,
    integrations,
    worker,
    retention,
    acceptor,
    sessions,
    apiKeys,
    services,
    close,
  };
}

/**
 * The keys to seal and open with. A previous key that is no key at all, such as a part of one that holds a comma, is
 * left out.
 *
 * @throws {WeakKeyError} when the current key is too short or repetitive.
 */
function composeKeyring(secrets: Secrets): Keyring {
  const previous = secrets.previousEncryptionKeys.filter(isUsableKey);
  return createKeyring(secrets.encryptionKey, previous);
}

function isUsableKey(material: string): boolean {
  try {
    createKeyring(material);
    return true;
  } catch (error) {
    if (error instanceof WeakKeyError) return false;
    throw error;
  }
}

function requireConnector(provider: string): Connector {
  const connector = findConnector(provider);
  if (connector === null) throw new Error(`no connector for provider ${provider}`);
  return connector;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
