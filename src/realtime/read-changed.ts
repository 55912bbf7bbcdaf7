import type { Database } from "../db/open.ts";
import type { Connection } from "../domain/connection.ts";
import type { InspectedRequest } from "../domain/inspected-request.ts";
import type { ChangeKind } from "../domain/publish-change.ts";
import { EVENT_LISTING_COLUMNS, type EventListing, toEventListing } from "../history/event-listing.ts";
import { type DeliveryListing, selectDeliveries, toDelivery } from "../history/read-deliveries.ts";
import { withConnections } from "../replays/read.ts";
import type { Replay } from "../replays/replay-row.ts";
import type { Changed } from "./change-log.ts";

/** An object in its current state. */
export type ChangedRow =
  | { readonly kind: "delivery"; readonly row: DeliveryListing }
  | { readonly kind: "event"; readonly row: EventListing }
  | { readonly kind: "connection"; readonly row: Connection }
  | { readonly kind: "replay"; readonly row: Replay }
  | { readonly kind: "inspector_request"; readonly row: InspectedRequest };

export type ReadChangedDeps = {
  readonly db: Database;
  /** The connections among these that belong to the workspace. */
  readonly readConnections: (
    db: Database,
    workspaceId: string,
    ids: readonly string[],
  ) => Promise<readonly Connection[]>;
  /** The inspector requests among these that belong to the workspace. */
  readonly readInspectorRequests: (
    db: Database,
    workspaceId: string,
    ids: readonly string[],
  ) => Promise<readonly InspectedRequest[]>;
};

/** Reads objects of a workspace, one query per kind. Leaves out objects that are gone or belong to another workspace. */
export async function readChanged(
  { db, readConnections, readInspectorRequests }: ReadChangedDeps,
  workspaceId: string,
  objects: readonly Changed[],
): Promise<readonly ChangedRow[]> {
  const idsOf = (wanted: ChangeKind) => objects.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
  const [deliveries, events, connections, replays, inspected] = [
    await readDeliveries(db, workspaceId, idsOf("delivery")),
    await readEvents(db, workspaceId, idsOf("event")),
    await readConnections(db, workspaceId, idsOf("connection")),
    await readReplays(db, workspaceId, idsOf("replay")),
    await readInspectorRequests(db, workspaceId, idsOf("inspector_request")),
  ];
  return [
    ...deliveries.map((row) => ({ kind: "delivery", row }) as const),
    ...events.map((row) => ({ kind: "event", row }) as const),
    ...connections.map((row) => ({ kind: "connection", row }) as const),
    ...replays.map((row) => ({ kind: "replay", row }) as const),
    ...inspected.map((row) => ({ kind: "inspector_request", row }) as const),
  ];
}

/** The workspace is compared here rather than in the query, where SQLite might use its index instead of the ids. */
function ofWorkspace<Row extends { workspace_id: string }>(workspaceId: string, rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.workspace_id === workspaceId);
}

async function readDeliveries(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<DeliveryListing[]> {
  if (ids.length === 0) return [];
  const rows = await selectDeliveries(db).where("deliveries.id", "in", ids).execute();
  return ofWorkspace(workspaceId, rows).map(toDelivery);
}

async function readEvents(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<EventListing[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("events")
    .select(EVENT_LISTING_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return rows.map(toEventListing);
}

async function readReplays(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<readonly Replay[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom("replays").selectAll().where("id", "in", ids).execute();
  return withConnections(db, ofWorkspace(workspaceId, rows));
}
