import type { Logger } from "pino";
import type { House } from "../app.ts";
import type { SteadyClock } from "../composition/steady-clock.ts";
import { requireSchema } from "../db/check-schema.ts";
import { migrate } from "../db/migrate.ts";
import { newestHeartbeat } from "../dispatch/newest-heartbeat.ts";
import { forgetWorkers } from "../dispatch/worker-registry.ts";

/**
 * Brings the database up to date, lets the clock go on from the time rows have been stored at, and
 * finds out whether an earlier process ended amid its work.
 *
 * @throws {NewerSchemaError} {SchemaFaultError} {FolderBusyError}
 */
export async function prepareDatabase(
  { store, worker }: House,
  clock: SteadyClock,
  logger: Logger,
): Promise<void> {
  for (const name of await migrate(store.db, store.dialect, clock.now())) {
    logger.info({ migration: name }, "database migrated");
  }
  await requireSchema(store);
  const heardAt = await newestHeartbeat(store.db);
  if (heardAt !== null) clock.advanceTo(heardAt);
  const isUnclean = await store.enter(async (isAlone) => isAlone && (await forgetWorkers(store.db)));
  if (!isUnclean) return;
  worker.noteUncleanEnd();
  logger.warn(
    "an earlier process ended amid its work: what it was sending is sent again, one request at a time at first",
  );
}

/** Listens to other processes and begins to deliver. */
export async function startEngine(house: House): Promise<void> {
  await house.bus.start();
  house.changes.start();
  await house.worker.start();
  house.retention.start();
}

/** Finishes what is under way, leaves the rest pending and closes everything. */
export async function stopEngine(house: House): Promise<void> {
  await house.acceptor.idle();
  await house.retention.stop();
  house.inspector.stopWaiting();
  await house.worker.stop();
  await house.close();
}
