import type { HotStatements } from "../db/hot-statements.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import type { JsonObject } from "../domain/json/json.ts";
import type { EventRoutes } from "../ingest/event-routes.ts";
import {
  DELIVERY_COLUMNS,
  deliveryRow,
  EVENT_COLUMNS,
  eventRow,
  type StoredEvent,
} from "../ingest/event-rows.ts";
import type { StatisticsEntry } from "../statistics/entry.ts";

/** An event of OpenSend's own, for other connections. */
export type SystemEvent = {
  readonly workspaceId: string;
  readonly type: "integration.paused" | "integration.recovered" | "delivery.failed";
  readonly data: JsonObject;
  /** The connection that the event is about, which never receives it. */
  readonly aboutConnectionId: string;
};

/**
 * Stores OpenSend's own events to which some connection subscribes by name, in the transaction of their cause. An
 * attempt at such an event never causes another one, and no connection receives events about itself, so there are no
 * loops. Returns the connections with new deliveries.
 */
export async function acceptSystemEvents(
  deps: {
    readonly hot: HotStatements;
    readonly eventRoutes: EventRoutes;
    /** Counts the stored events. */
    readonly statistics: StatisticsEntry;
  },
  trx: DatabaseTransaction,
  events: readonly SystemEvent[],
  now: number,
): Promise<readonly string[]> {
  if (events.length === 0) return [];
  const routes = await deps.eventRoutes.read(
    trx,
    events.map(({ workspaceId }) => workspaceId),
  );
  const woken = new Set<string>();
  const stored: StoredEvent[] = [];
  const deliveries = events.flatMap(({ workspaceId, type, data, aboutConnectionId }) => {
    const wanting = (routes.get(workspaceId) ?? []).filter(
      (route) => route.connectionId !== aboutConnectionId && route.wantsSystem(type),
    );
    if (wanting.length === 0) return [];
    const dataJson = JSON.stringify(data);
    const event: StoredEvent = {
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
    };
    stored.push(event);
    const connectionIds = wanting.map(({ connectionId }) => connectionId);
    deps.statistics.addEvent(workspaceId, event, connectionIds);
    return connectionIds.map((connectionId) => {
      woken.add(connectionId);
      return deliveryRow(event, connectionId, newId());
    });
  });
  await deps.hot.insertRows(trx, "events", EVENT_COLUMNS, stored.map(eventRow));
  await deps.hot.insertRows(trx, "deliveries", DELIVERY_COLUMNS, deliveries);
  return [...woken];
}
