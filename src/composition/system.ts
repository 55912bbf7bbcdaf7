import { allowsLoopback } from "../config/load.ts";
import type { Options } from "../config/options.ts";
import type { KeySource } from "../config/secrets.ts";
import { databaseBytes } from "../db/database-bytes.ts";
import { isDatabaseUnavailable } from "../db/database-error.ts";
import { schemaNumber } from "../db/migrate.ts";
import type { Bus } from "../db/notify.ts";
import type { Store } from "../db/open.ts";
import type { QueueDepth } from "../dispatch/queue-depth.ts";
import { readWorkers } from "../dispatch/read-workers.ts";

export type SystemDeps = {
  readonly version: string;
  readonly configuration: {
    readonly options: Pick<
      Options,
      "outboundProxy" | "allowedCidrs" | "host" | "publicUrl" | "trustedProxies"
    >;
    readonly keySource: KeySource;
    readonly previousKeys: number;
  };
  readonly store: Pick<Store, "db" | "dialect">;
  readonly bus: Pick<Bus, "isListening">;
  readonly readQueue: () => Promise<QueueDepth>;
  readonly lastCleanupAt: () => number | null;
  readonly now: () => number;
};

/** Reads the state of the instance. A database that does not respond is part of that state, not an exception. */
export function createSystem(deps: SystemDeps) {
  const { configuration, store } = deps;
  const { options, keySource, previousKeys } = configuration;
  const startedAt = deps.now();
  return {
    read: async () => ({
      version: deps.version,
      nodeVersion: process.version,
      startedAt,
      databaseKind: store.dialect,
      isListening: deps.bus.isListening,
      stored: await readStored(deps),
      keySource,
      previousKeys,
      hasProxy: options.outboundProxy !== null,
      allowedRanges: options.allowedCidrs.length,
      allowsLoopback: allowsLoopback(options),
      retentionPassedAt: deps.lastCleanupAt(),
    }),
  };
}

async function readStored({ store, readQueue, now }: SystemDeps) {
  try {
    const [schema, sizeBytes, queue, workers] = await Promise.all([
      schemaNumber(store.db),
      databaseBytes(store),
      readQueue(),
      readWorkers(store, now()),
    ]);
    return { schema, sizeBytes, queue, workers };
  } catch (error) {
    if (isDatabaseUnavailable(error)) return null;
    throw error;
  }
}
