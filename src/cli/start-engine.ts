import type { Logger } from "pino";
import type { House } from "../compose.ts";
import type { SteadyClock } from "../composition/steady-clock.ts";
import { newestHeartbeat } from "../delivery/newest-heartbeat.ts";
import { sweepAllLeases, sweepLeases } from "../delivery/sweep.ts";
import { requireSchema } from "../store/check-schema.ts";
import { migrate } from "../store/migrate.ts";

/**
 * Brings the database up to date, lets the clock go on from the time rows have been stored at, and takes back what
 * processes that are gone have left under lease.
 *
 * @throws {NewerSchemaError} {SchemaFaultError} {FolderBusyError}
 */
export async function prepareDatabase({ store }: House, clock: SteadyClock, logger: Logger): Promise<void> {
  for (const name of await migrate(store.db, store.dialect, clock.now())) {
    logger.info({ migration: name }, "database migrated");
  }
  await requireSchema(store);
  const heardAt = await newestHeartbeat(store.db);
  if (heardAt !== null) clock.advanceTo(heardAt);
  const swept = await store.enter((isAlone) =>
    (isAlone ? sweepAllLeases : sweepLeases)(store.db, clock.now()),
  );
  if (swept.returned + swept.failedTests > 0)
    logger.warn(swept, "took back what an earlier process had under lease");
}

/** Listens to other processes and begins to deliver. */
export async function startEngine(house: House): Promise<void> {
  await house.bus.start();
  house.changes.start();
  await house.worker.start();
  house.retention.start();
}

/** Finishes what is under way, hands back the rest and closes everything. */
export async function stopEngine(house: House): Promise<void> {
  await house.acceptor.idle();
  await house.retention.stop();
  house.inspector.stopWaiting();
  await house.worker.stop();
  await house.close();
}
