import type { JsonObject } from "../core/json.ts";
import type { Database } from "../store/open.ts";
import { type Page, type PageRequest, readPage } from "../store/page.ts";

export type AuditListing = {
  readonly id: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly target: { readonly kind: string; readonly id: string | null };
  readonly address: string | null;
  readonly metadata: JsonObject;
  readonly createdAt: number;
};

/** A workspace's audit entries, newest first. */
export async function listAudit(
  db: Database,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<AuditListing>> {
  const query = db.selectFrom("audit_entries").selectAll().where("workspace_id", "=", workspaceId);
  const { rows, hasMore } = await readPage(query, page);
  const entries = rows.map((row) => ({
    id: row.id,
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    target: { kind: row.target_kind, id: row.target_id },
    address: row.address,
    metadata: JSON.parse(row.metadata) as JsonObject,
    createdAt: row.created_at,
  }));
  return { rows: entries, hasMore };
}
