import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Services } from "./api/services.ts";
import { createStreams } from "./api/streams.ts";
import { readConnectionChanges } from "./audit/connection-changes.ts";
import { recordAudit } from "./audit/record-audit.ts";
import type { ApiKeyDeps } from "./auth/api-keys.ts";
import { createKeyLookup } from "./auth/key-lookup.ts";
import { createPeople } from "./auth/people.ts";
import type { SessionDeps } from "./auth/sessions.ts";
import { isStillAllowed } from "./auth/still-allowed.ts";
import { composeEngine } from "./composition/engine.ts";
import { composeInspector, createSend, sendsUnderWay } from "./composition/inspector.ts";
import { composeKeyring } from "./composition/keyring.ts";
import { logHearing, logPooler } from "./composition/log-pooler.ts";
import { Readiness } from "./composition/readiness.ts";
import { createSystem } from "./composition/system.ts";
import { isReachableLocallyOnly } from "./config/load.ts";
import type { Options } from "./config/options.ts";
import type { Secrets } from "./config/secrets.ts";
import type { Keyring } from "./crypto/keyring.ts";
import type { Acceptor } from "./delivery/accept.ts";
import { cancelDeliveries } from "./delivery/cancel.ts";
import { type Changes, createChanges } from "./delivery/changes/changes.ts";
import { deliverNow } from "./delivery/deliver-now.ts";
import type { NoteChange } from "./delivery/note-change.ts";
import { restoreOrder } from "./delivery/restore-order.ts";
import type { Retention } from "./delivery/retention/retention.ts";
import type { SignedDelivery } from "./delivery/sign.ts";
import { readTestResult } from "./delivery/test-result.ts";
import type { Worker } from "./delivery/worker.ts";
import { createEgress, type Egress } from "./egress/egress.ts";
import { createRequestDigest } from "./idempotency/request-digest.ts";
import type { InspectorDeps } from "./inspector/deps.ts";
import type { Inspector } from "./inspector/inspector.ts";
import { getManyInspected } from "./inspector/requests.ts";
import type { IntegrationsDeps } from "./integrations/deps.ts";
import { getConnections } from "./integrations/read.ts";
import { releaseHold } from "./integrations/release-hold.ts";
import { type Bus, openBus } from "./store/bus.ts";
import { openStore, type Store } from "./store/open.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");
const DEADLINE_MS = 15_000;

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
  readonly egress: Egress<SignedDelivery>;
  readonly integrations: IntegrationsDeps;
  readonly inspector: Inspector<SignedDelivery>;
  readonly inspectorDeps: InspectorDeps;
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
  /** What others compare with their clocks; `now` where it is left out. */
  readonly wallNow?: () => number;
};

/** Builds every part once and hands it to those who use it. Nothing listens or runs yet. */
export function compose({ options, secrets, logger, publicUrl, now, wallNow = now }: ComposeInput): House {
  const { keyring, previousKeys } = composeKeyring(secrets);
  const store = openStore({
    databaseUrl: options.databaseUrl,
    dataDir: options.dataDir,
    onConnectionError: (error) => logger.warn({ reason: error.message }, "database connection lost"),
    onPooler: logPooler(logger),
  });
  const bus = openBus({
    databaseUrl: options.databaseUrl,
    listenUrl: options.databaseListenUrl,
    onHearing: logHearing(logger, options),
    onError: (error) => logger.warn({ reason: error.message }, "bus between processes failed"),
  });
  const egress = createEgress<SignedDelivery>({
    allowedCidrs: options.allowedCidrs,
    allowLoopback: isReachableLocallyOnly(options),
    proxyUrl: options.outboundProxy,
    deadlineMs: DEADLINE_MS,
  });
  const { db } = store;
  const changes = createChanges({
    db,
    bus,
    readConnections: getConnections,
    sendsUnderWay: () => sendsUnderWay(egress, inspector),
    readInspectorRequests: getManyInspected,
    onError: (error) => logger.warn({ err: error }, "changes not read"),
  });
  const noteChange: NoteChange = changes.note;
  const integrations: IntegrationsDeps = {
    db,
    dialect: store.dialect,
    keyring,
    checkUrl: egress.checkUrl,
    recordAudit,
    cancelDeliveries,
    restoreOrder,
    noteChange,
    noteManyChanges: changes.noteMany,
    recall: (connectionIds) => engine.recall(connectionIds),
    now,
  };
  const inspection = composeInspector({
    store,
    keyring,
    changes,
    logger,
    now,
    wallNow,
    deadlineMs: DEADLINE_MS,
  });
  const { inspector } = inspection;
  const engine = composeEngine({
    options,
    logger,
    version: VERSION,
    store,
    bus,
    send: createSend(egress, inspector),
    keyring,
    changes,
    now,
    wallNow,
    deadlineMs: DEADLINE_MS,
  });
  const { acceptor, delivery, health, metrics, queueDepth, recorder, retention, worker } = engine;
  const readiness = new Readiness({ store, health });
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
  const keptDaysLimits = {
    payloadDays: options.payloadRetentionDays,
    statusDays: options.statusRetentionDays,
  };
  const services: Services = {
    db,
    logger,
    version: VERSION,
    idempotency: {
      db,
      dialect: store.dialect,
      now,
      beginDigest: createRequestDigest(secrets.sessionSecret),
    },
    integrations: {
      ...integrations,
      deliverNow: (event, keep) => deliverNow(delivery, recorder, event, keep),
      readTest: (workspaceId, deliveryId) => readTestResult(db, workspaceId, deliveryId, now()),
    },
    acceptor,
    inspector: { ...inspection.deps, forget: inspector.forget },
    deliveries: { db, dialect: store.dialect, now, recordAudit, releaseHold, wake: worker.wake, noteChange },
    comparisons: { db, readConnectionChanges: (...of) => readConnectionChanges(db, ...of) },
    sessions,
    workspaceSettings: { db, now, recordAudit, keptDaysLimits },
    apiKeys,
    keyLookup,
    streams: createStreams({
      changes,
      mayStillRead: (identity) => isStillAllowed(db, identity, "read", now()),
      onError: (error) => logger.warn({ err: error }, "streams not looked after"),
    }),
    metrics,
    system: createSystem({
      version: VERSION,
      options,
      keySource: secrets.keySource,
      previousKeys,
      store,
      bus,
      readQueue: queueDepth.read,
      retentionPassedAt: retention.lastPassAt,
      now,
    }),
    findUnreadiness: () => readiness.findFaults(),
    now,
    settings: {
      publicUrl,
      rateLimitPerMinute: options.rateLimitPerMinute,
      trustedProxies: options.trustedProxies,
      retention: keptDaysLimits,
      metricsToken: options.metricsToken,
      dashboardDir: findDashboard(),
    },
  };
  const close = async () => {
    await egress.close();
    await inspector.close();
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
    inspector,
    inspectorDeps: inspection.deps,
    worker,
    retention,
    acceptor,
    sessions,
    apiKeys,
    services,
    close,
  };
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
