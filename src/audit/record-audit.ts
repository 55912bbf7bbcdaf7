import { newId } from "../db/new-id.ts";
import type { Database } from "../db/open.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";

/** Writes one entry; call it in the transaction of the change, so that both are committed or neither is. */
export async function recordAudit(db: Database, entry: AuditEntry, now: number): Promise<void> {
  const { id = newId(), actor, action, target, metadata } = entry;
  await db
    .insertInto("audit_entries")
    .values({
      id,
      workspace_id: actor.workspaceId,
      action,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      target_kind: target.kind,
      target_id: target.id,
      address: actor.address,
      metadata: JSON.stringify(metadata),
      created_at: now,
    })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ metadata: JSON.stringify(metadata) }))
    .execute();
}
