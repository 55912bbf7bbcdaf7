import type { HotStatements } from "../db/hot-statements.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { JsonObject } from "../domain/json/json.ts";
import { DELIVERY_COLUMNS, deliveryRow, EVENT_COLUMNS, eventRow } from "../ingest/event-rows.ts";
import { logPending } from "../statistics/log-entry.ts";

export type DirectedEvent = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly data: JsonObject;
};

/**
 * Stores an event of OpenSend's own for one connection, whatever types it subscribes to. The application did not send
 * the event, so statistics count its attempts only. Returns its id.
 */
export async function storeDirectedEvent(
  hot: Pick<HotStatements, "insertRows">,
  trx: DatabaseTransaction,
  { workspaceId, connectionId, type, data }: DirectedEvent,
  now: number,
): Promise<string> {
  const dataJson = JSON.stringify(data);
  const event = {
    id: newId(),
    workspaceId,
    type,
    createdAt: now,
    dataJson,
    dataBytes: Buffer.byteLength(dataJson),
    acceptedAt: now,
    traceContext: null,
    origin: "system",
    idempotencyKey: null,
  } as const;
  await hot.insertRows(trx, "events", EVENT_COLUMNS, [eventRow(event)]);
  await hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, [deliveryRow(event, connectionId, newId())]);
  await logPending(trx, [{ workspaceId, connectionId, change: 1 }], now);
  return event.id;
}
