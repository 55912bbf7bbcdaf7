import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, type Position, readPage, readSparsePage } from "../db/paging.ts";
import { BackgroundWork } from "../db/turns.ts";
import type { Actor } from "../domain/actor.ts";
import type { JsonObject } from "../domain/json/json.ts";

export type AuditListing = {
  readonly id: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly id: string | null; readonly name: string };
  readonly target: { readonly kind: string; readonly id: string | null };
  readonly address: string | null;
  readonly metadata: JsonObject;
  readonly createdAt: number;
};

export type AuditFilter = {
  /** One action, or all actions of an object: `connection.*`. */
  readonly action: string | null;
  /** One action to exclude. */
  readonly exceptAction: string | null;
  readonly actorKind: Actor["kind"] | null;
  readonly actorId: string | null;
  readonly targetId: string | null;
  readonly createdFrom: number | null;
  readonly createdBefore: number | null;
};

/** A workspace's audit entries, newest first. */
export async function listAudit(
  db: Database,
  workspaceId: string,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditListing>> {
  const walk = walkEntries(db, workspaceId, filter);
  const query = whereWanted(walk, filter).selectAll();
  const { action, exceptAction, actorKind, actorId, targetId } = filter;
  const found = [action, exceptAction, actorKind, actorId, targetId].every((wanted) => wanted === null)
    ? await readPage(query, page)
    : await readSparsePage(query, walk.select(["id", "created_at"]), page);
  const rows = found.rows.map((row) => ({
    id: row.id,
    action: row.action,
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    target: { kind: row.target_kind, id: row.target_id },
    address: row.address,
    metadata: JSON.parse(row.metadata) as JsonObject,
    createdAt: row.created_at,
  }));
  return { ...found, rows };
}

/**
 * Walks all entries that match a filter, newest first, page by page. Other work gets a turn before each page, so pages
 * should be small.
 */
export async function* walkAudit(
  db: Database,
  workspaceId: string,
  filter: AuditFilter,
  pageRows: number,
): AsyncGenerator<readonly AuditListing[]> {
  const work = new BackgroundWork(workspaceId);
  let after: Position | null = null;
  for (;;) {
    await work.nextStep();
    const page: Page<AuditListing> = await listAudit(db, workspaceId, filter, { limit: pageRows, after });
    if (page.rows.length > 0) yield page.rows;
    after = page.stoppedAt ?? page.rows.at(-1) ?? null;
    if (!page.hasMore || after === null) return;
  }
}

/** Applies the filters that an index can use. */
function walkEntries(db: Database, workspaceId: string, { createdFrom, createdBefore }: AuditFilter) {
  let query = db.selectFrom("audit_entries").where("workspace_id", "=", workspaceId);
  if (createdFrom !== null) query = query.where("created_at", ">=", createdFrom);
  if (createdBefore !== null) query = query.where("created_at", "<", createdBefore);
  return query;
}

const ALL_OF_OBJECT = ".*";

function whereWanted(walk: ReturnType<typeof walkEntries>, filter: AuditFilter) {
  const { action, exceptAction, actorKind, actorId, targetId } = filter;
  let query = walk;
  if (action?.endsWith(ALL_OF_OBJECT)) {
    const start = action.slice(0, -1);
    // Not `like`, in which the underscore of `api_key` matches any character.
    query = query.where((eb) => eb(eb.fn("substr", ["action", eb.lit(1), eb.lit(start.length)]), "=", start));
  } else if (action !== null) {
    query = query.where("action", "=", action);
  }
  if (exceptAction !== null) query = query.where("action", "!=", exceptAction);
  if (actorKind !== null) query = query.where("actor_kind", "=", actorKind);
  if (actorId !== null) query = query.where("actor_id", "=", actorId);
  if (targetId !== null) query = query.where("target_id", "=", targetId);
  return query;
}
