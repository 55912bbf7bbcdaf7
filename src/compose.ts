import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Services } from "./api/services.ts";
import { recordAudit } from "./audit/record-audit.ts";
import type { ApiKeyDeps } from "./auth/api-keys.ts";
import { createKeyLookup } from "./auth/key-lookup.ts";
import { createPeople } from "./auth/people.ts";
import type { SessionDeps } from "./auth/sessions.ts";
import { isReachableLocallyOnly } from "./config/load.ts";
import type { Options } from "./config/options.ts";
import type { Secrets } from "./config/secrets.ts";
import type { Connector } from "./connectors/contract.ts";
import { findConnector } from "./connectors/registry.ts";
import { createKeyring, type Keyring, WeakKeyError } from "./crypto/keyring.ts";
import { type Acceptor, createAcceptor } from "./delivery/accept.ts";
import { cancelDeliveries } from "./delivery/cancel.ts";
import { deliverNow } from "./delivery/deliver-now.ts";
import type { DeliveryDeps } from "./delivery/deps.ts";
import type { NoteChange } from "./delivery/note-change.ts";
import type { Observer } from "./delivery/observer.ts";
import { createOpenedConnections, type OpenCredentials } from "./delivery/opened-connections.ts";
import { createPeers } from "./delivery/peers.ts";
import { createRecorder } from "./delivery/record.ts";
import { restoreOrder } from "./delivery/restore-order.ts";
import { createRouting } from "./delivery/routing.ts";
import { nameWorker } from "./delivery/sweep.ts";
import { createWorker, type Worker } from "./delivery/worker.ts";
import { createEgress, type Egress } from "./egress/egress.ts";
import type { IntegrationsDeps } from "./integrations/deps.ts";
import { openCredentials } from "./integrations/endpoint.ts";
import { noteAttempts } from "./integrations/note-attempts.ts";
import { newestMigrationNumber, schemaNumber } from "./store/migrate.ts";
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
  readonly keyring: Keyring;
  readonly egress: Egress;
  readonly integrations: IntegrationsDeps;
  readonly worker: Worker;
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
  const egress = createEgress({
    allowedCidrs: options.allowedCidrs,
    allowLoopback: isReachableLocallyOnly(options),
    proxyUrl: options.outboundProxy,
    deadlineMs: DEADLINE_MS,
  });
  const { db } = store;
  const observer: Observer = {
    accepted: () => undefined,
    attempted: () => undefined,
    committed: () => undefined,
    leasesLost: () => undefined,
  };
  const noteChange: NoteChange = () => undefined;
  const integrations: IntegrationsDeps = {
    db,
    keyring,
    checkUrl: egress.checkUrl,
    recordAudit,
    cancelDeliveries,
    restoreOrder,
    now,
  };
  const workerId = nameWorker(randomBytes(4).toString("hex"));
  const open: OpenCredentials = ({ sealed, ...binding }) => openCredentials(keyring, binding, sealed);
  const delivery: DeliveryDeps = {
    db,
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
    noteReplayed: async () => [],
    random: Math.random,
  };
  const wake = (connectionIds: readonly string[]) => worker.wake(connectionIds);
  const recorder = createRecorder({ ...delivery, wake });
  const peers = createPeers({ db, workerId, version: VERSION, now });
  const worker: Worker = createWorker(
    {
      ...delivery,
      peers,
      tellPeers: () => undefined,
      everySecond: async () => undefined,
      onError: (error, doing) => logger.error({ err: error, doing }, "delivery worker failed"),
    },
    recorder,
  );
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
    deliveries: { db, now, recordAudit, wake: worker.wake },
    sessions,
    apiKeys,
    keyLookup,
    checkReady: async () => {
      const current = await schemaNumber(db);
      if (current !== newestMigrationNumber()) throw new Error(`schema ${current} is not this version's`);
    },
    now,
    settings: {
      publicUrl,
      rateLimitPerMinute: options.rateLimitPerMinute,
      trustedProxies: options.trustedProxies,
      dashboardDir: findDashboard(),
    },
  };
  const close = async () => {
    await egress.close();
    await store.close();
  };
  return { store, keyring, egress, integrations, worker, acceptor, sessions, apiKeys, services, close };
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
