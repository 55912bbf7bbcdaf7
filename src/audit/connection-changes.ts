import type { Database } from "../db/open.ts";
import type { JsonObject } from "../domain/json/json.ts";
import { listAudit } from "./list-audit.ts";

/** More would be read by no one; the audit log has them all. */
const CHANGES_MAX = 20;

/** What changed how a connection sends from one time up to another, newest first. Tests change nothing. */
export async function readConnectionChanges(
  db: Database,
  workspaceId: string,
  connectionId: string,
  from: number,
  before: number,
) {
  const filter = {
    action: "connection.*",
    // Left out before the limit counts: tests are many while someone looks for what is wrong.
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
