import { sql } from "kysely";
import type { Database } from "../db/open.ts";
import { type Page, type PageRequest, readPage } from "../db/paging.ts";
import { OpenSendError } from "../domain/errors.ts";
import {
  type NamedConnection,
  NO_CONNECTIONS,
  type Replay,
  type ReplayConnections,
  type ReplayRow,
  toReplay,
} from "./replay-row.ts";

/** Connections named per replay; a list shows that there are more. */
const NAMED_MAX = 10;

/** A workspace's replays, newest first. */
export async function listReplays(
  db: Database,
  workspaceId: string,
  page: PageRequest,
): Promise<Page<Replay>> {
  const query = db.selectFrom("replays").selectAll().where("workspace_id", "=", workspaceId);
  const { rows, hasMore } = await readPage(query, page);
  return { rows: await withConnections(db, rows), hasMore };
}

/** @throws {OpenSendError} `not_found`. */
export async function getReplay(db: Database, workspaceId: string, id: string): Promise<Replay> {
  const row = await db
    .selectFrom("replays")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  const [replay] = row === undefined ? [] : await withConnections(db, [row]);
  if (replay === undefined) throw replayNotFound();
  return replay;
}

/** Replays with the connections that they wait for, or have stopped for. */
export async function withConnections(db: Database, rows: readonly ReplayRow[]): Promise<readonly Replay[]> {
  const replays: Replay[] = [];
  for (const row of rows) replays.push(toReplay(row, await readConnections(db, row.id)));
  return replays;
}

async function readConnections(db: Database, replayId: string): Promise<ReplayConnections> {
  const read = async (state: "waiting" | "stopped"): Promise<NamedConnection[]> => {
    const rows = await db
      .selectFrom("replay_connections")
      .innerJoin("connections", "connections.id", "replay_connections.connection_id")
      .select(["connections.id", "connections.name"])
      .where("replay_connections.replay_id", "=", replayId)
      .where(sql<boolean>`replay_connections.state = ${state}`)
      .orderBy("replay_connections.connection_id")
      .limit(NAMED_MAX)
      .execute();
    return rows.map(({ id, name }) => ({ connectionId: id, name }));
  };
  const [waiting, stopped] = [await read("waiting"), await read("stopped")];
  return waiting.length + stopped.length === 0 ? NO_CONNECTIONS : { waiting, stopped };
}

export function replayNotFound(): OpenSendError {
  return new OpenSendError(
    "not_found",
    "This workspace has no replay with that id. Copy the id from the list of replays.",
  );
}
