import type { Database } from "../db/open.ts";
import type { JsonObject } from "../domain/json/json.ts";
import { listAudit } from "./list-audit.ts";

/** No one reads more; the audit log has them all. */
const CHANGES_MAX = 20;

/** Changes of a connection between two times, newest first, without tests, which change nothing. */
export async function readConnectionChanges(
  db: Database,
  workspaceId: string,
  connectionId: string,
  from: number,
  before: number,
) {
  const filter = {
    action: "connection.*",
    // Filtered out before the limit applies, since people send many tests while troubleshooting.
    exceptAction: "connection.tested",
    actorKind: null,
    actorId: null,
    targetId: connectionId,
    createdFrom: from,
    createdBefore: before,
  };
  const page = await listAudit(db, workspaceId, filter, { limit: CHANGES_MAX, after: null });
  const changes = page.rows.map(({ action, actor, metadata, createdAt }) => ({
    at: createdAt,
    action,
    by: { kind: actor.kind, name: actor.name },
    fields: fieldsOf(metadata),
  }));
  return { changes, areAll: !page.hasMore };
}

function fieldsOf({ changed }: JsonObject): string[] {
  return Array.isArray(changed) ? changed.filter((field) => typeof field === "string") : [];
}
