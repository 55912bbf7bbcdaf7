import type { Database } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { JsonObject } from "../domain/json/json.ts";
import { recordAudit } from "./record-audit.ts";

/** An entry lists up to this many names; further attempts are only counted. */
const NAMES_MAX = 10;
const MIXED_NAME = "Several accounts";

/**
 * Writes an entry, or adds it to the entry of the same action and address that began within `withinMs`: `attempts`
 * counts them, and `accounts` lists the names. The transaction must be the only writer to the workspace's log.
 */
export async function foldAudit(
  db: Database,
  entry: AuditEntry,
  withinMs: number,
  now: number,
): Promise<void> {
  const { actor, action } = entry;
  const before = await db
    .selectFrom("audit_entries")
    .select(["id", "actor_id", "actor_name", "metadata"])
    .where("workspace_id", "=", actor.workspaceId)
    .where("created_at", ">", now - withinMs)
    .where("created_at", "<=", now)
    .where("action", "=", action)
    .where("address", actor.address === null ? "is" : "=", actor.address)
    .orderBy("created_at", "desc")
    .executeTakeFirst();
  if (before === undefined) {
    const metadata = { ...entry.metadata, attempts: 1, accounts: [actor.name] };
    return recordAudit(db, { ...entry, metadata }, now);
  }
  const isSame = before.actor_id === actor.id && before.actor_name === actor.name;
  await db
    .updateTable("audit_entries")
    .set({
      metadata: JSON.stringify(addTo(JSON.parse(before.metadata) as JsonObject, entry)),
      ...(isSame ? {} : { actor_id: null, actor_name: MIXED_NAME }),
    })
    .where("id", "=", before.id)
    .execute();
}

function addTo(before: JsonObject, { actor, metadata }: AuditEntry): JsonObject {
  const { attempts, accounts } = before;
  const names = new Set([...(Array.isArray(accounts) ? accounts : []), actor.name]);
  const count = typeof attempts === "number" ? attempts : 1;
  return { ...metadata, attempts: count + 1, accounts: [...names].slice(0, NAMES_MAX) };
}
