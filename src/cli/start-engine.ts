import type { Logger } from "pino";
import type { AppContext } from "../app.ts";
import type { SteadyClock } from "../composition/steady-clock.ts";
import { requireSchema } from "../db/check-schema.ts";
import { migrate } from "../db/migrate.ts";
import { newestHeartbeat } from "../dispatch/newest-heartbeat.ts";
import { forgetWorkers } from "../dispatch/worker-registry.ts";

/**
 * Migrates the database, advances the clock to the newest stored heartbeat, and detects whether an earlier process
 * ended in the middle of its work.
 *
 * @throws {NewerSchemaError} {SchemaFaultError} {FolderBusyError}
 */
export async function prepareDatabase(
  { store, engine }: AppContext,
  clock: SteadyClock,
  logger: Logger,
): Promise<void> {
  for (const name of await migrate(store.db, store.dialect, clock.now())) {
    logger.info({ migration: name }, "database migrated");
  }
  await requireSchema(store);
  const lastHeartbeatAt = await newestHeartbeat(store.db);
  if (lastHeartbeatAt !== null) clock.advanceTo(lastHeartbeatAt);
  const isUnclean = await store.enter(async (isAlone) => isAlone && (await forgetWorkers(store.db)));
  if (!isUnclean) return;
  engine.worker.markUncleanEnd();
  logger.warn(
    "a previous process stopped while sending: its deliveries are sent again, one request at a time at first",
  );
}

/** Subscribes to other processes' changes and starts delivering. */
export async function startEngine(context: AppContext): Promise<void> {
  await context.bus.start();
  context.changes.start();
  await context.engine.worker.start();
  context.engine.retention.start();
}

/** Finishes work in progress, leaves the rest pending and closes everything. */
export async function stopEngine(context: AppContext): Promise<void> {
  await context.services.acceptor.idle();
  await context.engine.retention.stop();
  context.senders.inspector.stopWaiting();
  await context.engine.worker.stop();
  await context.close();
}
