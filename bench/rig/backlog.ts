import { sql } from "kysely";
import { sealCredentials } from "../../src/connections/endpoint.ts";
import { createKeyring } from "../../src/crypto/keyring.ts";
import { newId } from "../../src/db/new-id.ts";
import type { Store } from "../../src/db/open.ts";
import {
  DELIVERY_COLUMNS,
  deliveryRow,
  EVENT_COLUMNS,
  eventRow,
  type StoredEvent,
} from "../../src/ingest/event-rows.ts";
import { benchType, createEventWriter } from "./bench-event.ts";
import { ENCRYPTION_KEY } from "./program.ts";
import { SIGNING_SECRET } from "./subject.ts";

const ROWS_PER_STATEMENT = 1000;
/** Deliveries per transaction: large enough to be fast, small enough for the write-ahead log. */
const ROWS_PER_COMMIT = 50_000;

/** Copies the only connection, sealing a different path in each copy. Returns all ids, the original's first. */
export async function copyConnection(store: Store, receiverUrl: string, count: number): Promise<string[]> {
  const keyring = createKeyring(ENCRYPTION_KEY);
  const original = await store.db.selectFrom("connections").selectAll().executeTakeFirstOrThrow();
  const copies = Array.from({ length: count - 1 }, (_, index) => {
    const id = newId();
    const binding = { workspaceId: original.workspace_id, connectionId: id };
    const credentials = { webhookUrl: `${receiverUrl}/hook/${index + 1}`, signingSecret: SIGNING_SECRET };
    const eventTypes = JSON.stringify([benchType(index + 1)]);
    const sealed = sealCredentials(keyring, binding, credentials);
    return { ...original, id, event_types: eventTypes, sealed_credentials: sealed };
  });
  // SQLite allows about 30,000 values per statement.
  const rowsMax = Math.floor(30_000 / Object.keys(original).length);
  for (let at = 0; at < copies.length; at += rowsMax)
    await store.db
      .insertInto("connections")
      .values(copies.slice(at, at + rowsMax))
      .execute();
  return [original.id, ...copies.map(({ id }) => id)];
}

/** Adds events with deliveries that are due now, until the backlog has this many. Connections take turns. */
export async function fillBacklog(
  store: Store,
  connectionIds: readonly string[],
  size: number,
): Promise<void> {
  const { workspace_id: workspaceId } = await store.db
    .selectFrom("connections")
    .select("workspace_id")
    .executeTakeFirstOrThrow();
  const { waiting } = await store.db
    .selectFrom("deliveries")
    .where("status", "=", "pending")
    .select((of) => of.fn.countAll<number>().as("waiting"))
    .executeTakeFirstOrThrow();
  let added = Number(waiting);
  while (added < size) {
    const upTo = Math.min(size, added + ROWS_PER_COMMIT);
    const from = added;
    await store.db.transaction().execute(async (trx) => {
      for (let at = from; at < upTo; at += ROWS_PER_STATEMENT) {
        const rows = Array.from({ length: Math.min(ROWS_PER_STATEMENT, upTo - at) }, (_, index) =>
          backlogRow(workspaceId, connectionIds, at + index),
        );
        await store.hot.insertRows(
          trx,
          "events",
          EVENT_COLUMNS,
          rows.map(({ event }) => event),
        );
        await store.hot.insertRows(
          trx,
          "deliveries",
          DELIVERY_COLUMNS,
          rows.map(({ delivery }) => delivery),
        );
      }
    });
    added = upTo;
  }
  // Gives the planner the statistics that a long-running database has.
  await sql`analyze`.execute(store.db);
}

function backlogRow(workspaceId: string, connectionIds: readonly string[], index: number) {
  const turn = index % connectionIds.length;
  const now = Date.now();
  const type = benchType(turn);
  const dataJson = writeData(type, now);
  const event: StoredEvent = {
    id: newId(),
    workspaceId,
    type,
    createdAt: now,
    dataJson,
    dataBytes: Buffer.byteLength(dataJson),
    acceptedAt: now,
    traceContext: null,
    origin: "application",
    idempotencyKey: null,
  };
  return { event: eventRow(event), delivery: deliveryRow(event, connectionIds[turn] ?? "", newId()) };
}

function writeData(type: string, now: number): string {
  const event = createEventWriter(type)(now);
  const start = event.indexOf('"data":') + '"data":'.length;
  return event.slice(start, -1);
}
