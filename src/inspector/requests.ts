import type { Database, DatabaseTransaction } from "../db/open.ts";
import type { Schema } from "../db/schema.ts";
import type { Actor } from "../domain/actor.ts";
import type { SignatureVerdict } from "../domain/diagnostics/signature-verdict.ts";
import { OpenSendError } from "../domain/errors.ts";
import type { InspectedRequest, InspectedRequestDetail } from "../domain/inspected-request.ts";
import { INSPECTOR_REQUESTS_MAX } from "../domain/inspector.ts";
import type { InspectorDeps } from "./deps.ts";

const LISTED_COLUMNS = [
  "id",
  "delivery_id",
  "event_id",
  "event_type",
  "answer",
  "verdict",
  "body_bytes",
  "created_at",
] as const satisfies readonly (keyof Schema["inspector_requests"])[];

/** All requests that are kept, newest first. */
export async function listInspected(db: Database, workspaceId: string): Promise<InspectedRequest[]> {
  const rows = await db
    .selectFrom("inspector_requests")
    .select(LISTED_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    // Processes that write concurrently can leave a few more until the next request arrives.
    .limit(INSPECTOR_REQUESTS_MAX)
    .execute();
  return rows.map(toInspected);
}

/** Those of these requests that belong to the workspace. */
export async function getManyInspected(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<InspectedRequest[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("inspector_requests")
    .select(LISTED_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return rows.map(toInspected);
}

/** @throws {OpenSendError} `not_found`, also when newer requests have replaced it. */
export async function getInspected(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<InspectedRequestDetail> {
  const row = await db
    .selectFrom("inspector_requests")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new OpenSendError(
      "not_found",
      `This workspace's inspector has no request with that id. It keeps the newest ${INSPECTOR_REQUESTS_MAX}. Copy the id from its list.`,
    );
  }
  return {
    ...toInspected(row),
    method: row.method,
    headers: JSON.parse(row.headers) as Record<string, string>,
    body: row.body,
    isBodyTruncated: Buffer.byteLength(row.body) < row.body_bytes,
  };
}

/** Deletes all requests that the inspector shows. Deliveries and their attempts are kept. */
export async function clearInspected(deps: InspectorDeps, actor: Actor): Promise<void> {
  const { workspaceId } = actor;
  await deps.db.transaction().execute(async (trx) => {
    await trx.deleteFrom("inspector_requests").where("workspace_id", "=", workspaceId).execute();
    const target = { kind: "workspace", id: workspaceId } as const;
    const entry = { actor, action: "inspector.cleared", target, metadata: {} } as const;
    await deps.recordAudit(trx, entry, deps.now());
  });
  // Deleted requests cannot be named to subscribers.
  deps.publishManyChanges(workspaceId);
}

/** Deletes the requests of one event and returns their ids. Reads at most as many rows as the inspector keeps. */
export async function forgetInspectedEvent(
  trx: DatabaseTransaction,
  workspaceId: string,
  eventId: string,
): Promise<string[]> {
  const deleted = await trx
    .deleteFrom("inspector_requests")
    .where("workspace_id", "=", workspaceId)
    .where("event_id", "=", eventId)
    .returning("id")
    .execute();
  return deleted.map(({ id }) => id);
}

/** Deletes the requests of events accepted before this time; returns how many there were. */
export async function forgetInspected(
  trx: DatabaseTransaction,
  workspaceId: string,
  acceptedBefore: number,
): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom("inspector_requests")
    .where("workspace_id", "=", workspaceId)
    .where("event_accepted_at", "<", acceptedBefore)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function toInspected(
  row: Pick<Schema["inspector_requests"], (typeof LISTED_COLUMNS)[number]>,
): InspectedRequest {
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    eventType: row.event_type,
    answer: row.answer,
    verdict: JSON.parse(row.verdict) as SignatureVerdict,
    bodyBytes: row.body_bytes,
    createdAt: row.created_at,
  };
}
