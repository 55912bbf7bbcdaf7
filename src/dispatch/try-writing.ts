import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import {
  DELIVERY_COLUMNS,
  deliveryRow,
  EVENT_COLUMNS,
  eventRow,
  type StoredEvent,
} from "../ingest/event-rows.ts";
import { StatisticsEntry } from "../statistics/entry.ts";
import { logEntry } from "../statistics/log-entry.ts";
import { ATTEMPT_COLUMNS } from "./attempt-row.ts";

/**
 * SQLite writes a transaction to disk only when it is committed or too large for memory. This size is too large, so a
 * full disk is detected; the pages go to the write-ahead log and never become part of the database.
 */
const SQLITE_BYTES = 4 * 1024 * 1024;

class RolledBackError extends Error {
  override readonly name = "RolledBackError";
}

/**
 * Stores an event with a delivery and records an attempt, by the same statements as the server, then rolls everything
 * back, so nothing of it is ever visible.
 *
 * @throws {DatabaseError} when the database refuses one of the writes.
 */
export async function tryWriting(store: Pick<Store, "db" | "dialect" | "hot">, now: number): Promise<void> {
  try {
    await store.db.transaction().execute(async (trx) => {
      await writeAll(store, trx, now);
      throw new RolledBackError("nothing of this is kept");
    });
  } catch (error) {
    if (!(error instanceof RolledBackError)) throw error;
  }
}

async function writeAll(
  { dialect, hot }: Pick<Store, "dialect" | "hot">,
  trx: DatabaseTransaction,
  now: number,
): Promise<void> {
  const deliveryId = newId();
  const event = eventOf(dialect === "sqlite" ? SQLITE_BYTES : 2, now);
  await hot.insertEvents(trx, EVENT_COLUMNS, [eventRow(event)]);
  await hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, [deliveryRow(event, newId(), deliveryId)]);
  const attempt = { ...blankAttempt(), delivery_id: deliveryId };
  await hot.insertAttempts(trx, ATTEMPT_COLUMNS, [Object.values(attempt)]);
  const outcome = {
    responseStatus: 200,
    errorCode: null,
    durationMs: 0,
    finishedAt: now,
    nextAttemptAt: null,
  };
  await hot.finishDeliveries(trx, [{ id: deliveryId, attemptCount: 0, status: "delivered", ...outcome }]);
  const statistics = new StatisticsEntry();
  statistics.addEvent(event.workspaceId, event, []);
  await logEntry(hot, trx, statistics, now);
  await hot.saveRates(trx, [{ id: newId(), usedUntil: now }]);
  await trx.updateTable("workers").set({ beat_at: now }).where("id", "=", newId()).execute();
}

function eventOf(dataBytes: number, now: number): StoredEvent {
  return {
    id: newId(),
    workspaceId: newId(),
    type: "doctor.write",
    createdAt: now,
    dataJson: "x".repeat(dataBytes),
    dataBytes,
    acceptedAt: now,
    traceContext: null,
    origin: "application",
    idempotencyKey: null,
  };
}

/** In the order of the columns. */
function blankAttempt(): Record<string, string | number> {
  const columns = Object.entries(ATTEMPT_COLUMNS);
  return Object.fromEntries(columns.map(([name, type]) => [name, type === "text" ? "" : 0]));
}
