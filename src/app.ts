import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { recordMailOutcome } from "./alerts/notice-outcome.ts";
import { readConnectionChanges } from "./audit/connection-changes.ts";
import { recordAudit } from "./audit/record-audit.ts";
import { isStillAllowed } from "./auth/still-allowed.ts";
import { type Access, composeAccess } from "./composition/access.ts";
import { composeEngine, type Engine } from "./composition/engine.ts";
import { composeInspector, createSend, sendsUnderWay } from "./composition/inspector.ts";
import { composeKeyring } from "./composition/keyring.ts";
import { logListening, logPooler } from "./composition/log-pooler.ts";
import { composeMailService, type MailService } from "./composition/mail.ts";
import { Readiness } from "./composition/readiness.ts";
import { composeSending } from "./composition/sending.ts";
import { createSystem } from "./composition/system.ts";
import { composeTestAlert } from "./composition/test-alert.ts";
import { allowsLoopback } from "./config/load.ts";
import type { Options } from "./config/options.ts";
import type { Secrets } from "./config/secrets.ts";
import { DaySums } from "./connections/day-sums.ts";
import type { IntegrationsDeps } from "./connections/deps.ts";
import { getConnections } from "./connections/read.ts";
import { releaseHold } from "./connections/release-hold.ts";
import type { Keyring } from "./crypto/keyring.ts";
import { type Bus, openBus } from "./db/notify.ts";
import { openStore, type Store } from "./db/open.ts";
import { cancelDeliveries } from "./dispatch/cancel.ts";
import { restoreOrder } from "./dispatch/restore-order.ts";
import type { SignedDelivery } from "./dispatch/signed-delivery.ts";
import { readTestResult } from "./dispatch/test-result.ts";
import type { RetentionDays } from "./domain/retention-days.ts";
import { type BuiltFiles, FileFolders, PACKED_FILES, PARTS, PackedFiles } from "./http/built-files.ts";
import type { Services } from "./http/services.ts";
import { Streams } from "./http/streams.ts";
import { createEgress, type Egress } from "./http-client/egress.ts";
import { createRequestDigest } from "./idempotency/request-digest.ts";
import type { Inspector } from "./inspector/inspector.ts";
import { forgetInspectedEvent, getManyInspected } from "./inspector/requests.ts";
import { Changes } from "./realtime/changes.ts";
import { resolveIssuesOf } from "./statistics/resolve-issues.ts";
import type { Tracing } from "./telemetry/tracing.ts";
import { VERSION } from "./version.ts";

const PROJECT_DIR = join(import.meta.dirname, "..");

/** A checkout builds into folders; the npm package has their files packed. */
export function findBuiltFiles(): BuiltFiles {
  const folders = new FileFolders({
    dashboard: join(PROJECT_DIR, "dashboard", "dist"),
    docs: join(PROJECT_DIR, "docs-site", "dist"),
  });
  const packed = join(PROJECT_DIR, "dist", PACKED_FILES);
  return !PARTS.some((part) => folders.has(part)) && existsSync(packed) ? new PackedFiles(packed) : folders;
}

/** The parts of this process that servers, workers and commands start and stop. */
export type AppContext = {
  readonly store: Store;
  readonly bus: Bus;
  readonly changes: Changes;
  readonly senders: Senders;
  readonly engine: Engine;
  readonly services: Services;
  readonly close: () => Promise<void>;
};

/** Senders of requests: to outside receivers, and to the built-in one. */
type Senders = {
  readonly egress: Egress<SignedDelivery>;
  readonly inspector: Inspector<SignedDelivery>;
};

export type ComposeInput = {
  readonly options: Options;
  readonly secrets: Secrets;
  readonly logger: Logger;
  readonly publicUrl: string;
  readonly now: () => number;
  /** Wall-clock time that others compare with their clocks; left out, `now` is used. */
  readonly wallNow?: () => number;
  /** Monotonic milliseconds, unaffected by changes to the clock. */
  readonly monotonicNow?: () => number;
};

/** Builds every part once and passes it to its users. Nothing listens or runs yet. `close` also closes `tracing`. */
export function compose(input: ComposeInput, tracing: Tracing | null = null): AppContext {
  const { options, secrets, logger, publicUrl, now } = input;
  const { keyring, previousKeys } = composeKeyring(secrets);
  const outside = openOutside(options, logger);
  const { store, bus, egress } = outside;
  const mail = composeMailService({ ...input, store, keyring, recordOutcome: recordMailOutcome });
  const { changes, inspection, engine } = composeDelivery(input, outside, { keyring, mail, tracing });
  const integrations: IntegrationsDeps = {
    db: store.db,
    keyring,
    checkUrl: egress.checkUrl,
    recordAudit,
    queue: {
      cancelDeliveries,
      resolveIssues: (trx, connectionId, at) => resolveIssuesOf(trx, store.dialect, connectionId, at),
      restoreOrder,
      recall: (connectionIds) => engine.signals.recall(connectionIds),
    },
    changes,
    now,
  };
  const { sessionSecret } = secrets;
  const access = composeAccess({ store, logger, sessionSecret, publicUrl, mailQueue: mail.queue, now });
  const parts = { store, bus, previousKeys, changes, inspection, engine, integrations, access, mail };
  const services = composeServices(input, parts);
  const { inspector } = inspection;
  const close = async () => {
    await Promise.all([engine.folder.stop(), engine.alertWatch.stop(), engine.mail.postman.stop()]);
    await egress.close();
    await inspector.close();
    services.streams.close();
    changes.stop();
    await bus.close();
    await store.close();
    await tracing?.close();
  };
  return { store, bus, changes, senders: { egress, inspector }, engine, services, close };
}

type Outside = {
  readonly store: Store;
  readonly bus: Bus;
  readonly egress: Egress<SignedDelivery>;
};

/** Opens what leads out of this process: the database, the bus to other processes, and the egress to receivers. */
function openOutside(options: Options, logger: Logger): Outside {
  const store = openStore({
    databaseUrl: options.databaseUrl,
    dataDir: options.dataDir,
    onConnectionError: (error) => logger.warn({ reason: error.message }, "database connection lost"),
    onPooler: logPooler(logger),
  });
  const bus = openBus({
    databaseUrl: options.databaseUrl,
    listenUrl: options.databaseListenUrl,
    onListening: logListening(logger, options),
    onError: (error) => logger.warn({ reason: error.message }, "bus between processes failed"),
  });
  const egress = createEgress<SignedDelivery>({
    allowedCidrs: options.allowedCidrs,
    allowLoopback: allowsLoopback(options),
    proxyUrl: options.outboundProxy,
  });
  return { store, bus, egress };
}

/** Composes the change feed, the inspector and the engine. */
function composeDelivery(
  { options, logger, now, wallNow = now, monotonicNow = () => performance.now() }: ComposeInput,
  { store, bus, egress }: Outside,
  { keyring, mail, tracing }: { keyring: Keyring; mail: MailService; tracing: Tracing | null },
) {
  const { db } = store;
  const changes = new Changes({
    db,
    bus,
    readConnections: getConnections,
    sendsUnderWay: () => sendsUnderWay(egress, inspector),
    readInspectorRequests: getManyInspected,
    onError: (error) => logger.warn({ err: error }, "changes not read"),
  });
  const inspection = composeInspector({ store, keyring, changes, logger, now, wallNow });
  const { inspector } = inspection;
  const engine = composeEngine({
    runtime: { logger, version: VERSION, now, wallNow, monotonicNow },
    store,
    bus,
    changes,
    sending: { keyring, sendSigned: createSend(egress, inspector), tracing },
    mail,
    settings: { retentionDays: keptDaysOf(options), metricsPerConnection: options.metricsPerConnection },
  });
  return { changes, inspection, engine };
}

type Parts = ReturnType<typeof composeDelivery> & {
  readonly store: Store;
  readonly bus: Bus;
  readonly previousKeys: number;
  readonly integrations: IntegrationsDeps;
  readonly access: Access;
  readonly mail: MailService;
};

function composeServices(input: ComposeInput, parts: Parts): Services {
  const { options, secrets, logger, now } = input;
  const { store, changes, integrations, inspection, engine, access } = parts;
  const { db, dialect } = store;
  const { inspector } = inspection;
  const { acceptor, signals, monitoring } = engine;
  const readiness = new Readiness({ store, health: monitoring.health });
  const retentionLimits = keptDaysOf(options);
  const sending = composeSending(parts.bus, engine.worker, now);
  return {
    instance: {
      db,
      logger,
      version: VERSION,
      now,
      idempotency: { db, dialect, now, beginDigest: createRequestDigest(secrets.sessionSecret) },
      operations: {
        metrics: monitoring.metrics,
        system: composeSystem(input, parts),
        findUnreadiness: () => readiness.findFaults(),
        alerts: composeTestAlert(input, parts),
      },
      settings: settingsOf(input, retentionLimits),
    },
    access: { ...access, workspaceSettings: { db, now, recordAudit, retentionLimits } },
    integrations: {
      ...integrations,
      deliverNow: engine.deliverNow,
      sums: new DaySums(store),
      readTest: (workspaceId, deliveryId) => readTestResult(db, workspaceId, deliveryId, now()),
    },
    inspector: { ...inspection.deps, forget: (workspaceId) => inspector.forget(workspaceId) },
    acceptor,
    deliveries: {
      db,
      dialect,
      now,
      recordAudit,
      queue: {
        releaseHold,
        wake: (connectionIds) => signals.wake(connectionIds),
        recall: (connectionIds) => signals.recall(connectionIds),
      },
      publishChange: (...change) => changes.publish(...change),
      sending,
      readConnectionChanges: (...of) => readConnectionChanges(db, ...of),
      erasing: { transact: store.transact, forgetInspected: forgetInspectedEvent },
    },
    streams: new Streams({
      changes,
      mayStillRead: (identity) => isStillAllowed(db, identity, "read", now()),
      shown: { now, isSending: sending.here },
      onError: (error) => logger.warn({ err: error }, "streams not looked after"),
    }),
  };
}

function composeSystem({ options, secrets, now }: ComposeInput, { store, bus, previousKeys, engine }: Parts) {
  const { monitoring, retention } = engine;
  return createSystem({
    version: VERSION,
    configuration: { options, keySource: secrets.keySource, previousKeys },
    store,
    bus,
    readQueue: () => monitoring.queueDepth.read(),
    lastCleanupAt: () => retention.lastRunAt,
    now,
  });
}

function settingsOf(
  { options, publicUrl }: ComposeInput,
  retention: RetentionDays,
): Services["instance"]["settings"] {
  return {
    publicUrl,
    rateLimitPerMinute: options.rateLimitPerMinute,
    trustedProxies: options.trustedProxies,
    retention,
    metricsToken: options.metricsToken,
    openApiFile: join(PROJECT_DIR, "openapi.json"),
    builtFiles: findBuiltFiles(),
  };
}

function keptDaysOf({ payloadRetentionDays, statusRetentionDays }: Options): RetentionDays {
  return { payloadDays: payloadRetentionDays, statusDays: statusRetentionDays };
}
