import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage } from "../db/paging.ts";
import { OpenSendError } from "../domain/errors.ts";
import { type Replay, toReplay } from "./replay-row.ts";

/** A workspace's replays, newest first. */
export async function listReplays(
  db: Database,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Replay>> {
  const query = db.selectFrom("replays").selectAll().where("workspace_id", "=", workspaceId);
  const { rows, hasMore } = await readPage(query, page);
  return { rows: rows.map(toReplay), hasMore };
}

/** @throws {OpenSendError} `not_found`. */
export async function getReplay(db: Database, workspaceId: string, id: string): Promise<Replay> {
  const row = await db
    .selectFrom("replays")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw replayNotFound();
  return toReplay(row);
}

export function replayNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no replay with that id. Copy the id from the list of replays.",
  );
}
