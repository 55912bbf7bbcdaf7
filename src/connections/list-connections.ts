import { isAmong } from "../db/among.ts";
import type { Database, Dialect } from "../db/open.ts";
import { readPage } from "../db/paging.ts";
import type { Connection } from "../domain/connection.ts";
import { connectionState } from "../domain/connection-state.ts";
import { receivesSome } from "../domain/event-filter.ts";
import {
  type ConnectionSort,
  compareKeys,
  needsSums,
  type Sortable,
  type SortPosition,
  sortKey,
} from "./connection-order.ts";
import { factsOf, selectConnections, toConnection } from "./connection-row.ts";
import type { DaySum } from "./day-stats.ts";
import type { DaySums } from "./day-sums.ts";
import {
  applyFilter,
  type ConnectionFilter,
  hasMetadata,
  walkByMetadata,
  walkConnections,
} from "./walk-connections.ts";

export type ConnectionPageRequest = {
  readonly sort: ConnectionSort;
  readonly limit: number;
  /** The last connection of the previous page. */
  readonly after: SortPosition | null;
};

export type ConnectionPage = {
  readonly rows: readonly Connection[];
  readonly hasMore: boolean;
  /** The last connection of the page; null for an empty page. */
  readonly last: SortPosition | null;
};

type ListDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly sums: Pick<DaySums, "read">;
  readonly now: () => number;
};

/** One page of a workspace's connections. */
export async function listConnections(
  deps: ListDeps,
  workspaceId: string,
  filter: ConnectionFilter,
  page: ConnectionPageRequest,
): Promise<ConnectionPage> {
  const { sort, limit, after } = page;
  if (sort === "created_at" && filter.states === null && filter.eventType === null) {
    const walk = hasMetadata(filter) ? walkNewestWithMetadata : walkNewest;
    return walk(deps.db, workspaceId, filter, page);
  }
  const found = await readSortable(deps, workspaceId, filter, sort);
  const keys = found
    .map((one) => ({ key: sortKey(sort, one), id: one.id }))
    .filter((position) => after === null || compareKeys(position, after) > 0)
    .sort(compareKeys);
  const listed = keys.slice(0, limit);
  const ids = listed.map(({ id }) => id);
  const rows = await selectConnections(deps.db)
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(deps.dialect, eb.ref("id"), ids))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, toConnection(row)]));
  return {
    rows: ids.flatMap((id) => byId.get(id) ?? []),
    hasMore: keys.length > limit,
    last: listed.at(-1) ?? null,
  };
}

/** The newest connections with the given metadata, ordered by id. */
async function walkNewestWithMetadata(
  db: Database,
  workspaceId: string,
  filter: ConnectionFilter,
  { limit, after }: ConnectionPageRequest,
): Promise<ConnectionPage> {
  const query = applyFilter(selectConnections(db), workspaceId, filter).orderBy("id", "desc");
  const found: Awaited<ReturnType<typeof query.execute>> = [];
  for await (const ids of walkByMetadata(db, workspaceId, filter, after?.id ?? null)) {
    const wanted = limit + 1 - found.length;
    found.push(...(await query.where("id", "in", ids).limit(wanted).execute()));
    if (found.length > limit) break;
  }
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows: rows.map(toConnection),
    hasMore: found.length > limit,
    last: last === undefined ? null : { key: [-last.created_at], id: last.id },
  };
}

async function walkNewest(
  db: Database,
  workspaceId: string,
  filter: ConnectionFilter,
  { limit, after }: ConnectionPageRequest,
): Promise<ConnectionPage> {
  const query = applyFilter(selectConnections(db), workspaceId, filter);
  const [time] = after?.key ?? [];
  const createdAt = typeof time === "number" && Number.isSafeInteger(time) ? -time : 0;
  const position = after === null ? null : { createdAt, id: after.id };
  const { rows, hasMore } = await readPage(query, { limit, after: position });
  const last = rows.at(-1);
  return {
    rows: rows.map(toConnection),
    hasMore,
    last: last === undefined ? null : { key: [-last.created_at], id: last.id },
  };
}

/** Every connection that matches the filter, with the values for sorting. */
async function readSortable(
  deps: ListDeps,
  workspaceId: string,
  filter: ConnectionFilter,
  sort: ConnectionSort,
): Promise<Sortable[]> {
  const now = deps.now();
  const sums: ReadonlyMap<string, DaySum> = needsSums(sort)
    ? await deps.sums.read(workspaceId, now)
    : new Map();
  const pending = sort === "attention" ? await readWaiting(deps.db, workspaceId) : new Map<string, number>();
  const found: Sortable[] = [];
  for await (const rows of walkConnections(deps.db, workspaceId, filter)) {
    for (const row of rows) {
      const state = connectionState(factsOf(row), now);
      if (filter.states !== null && !filter.states.includes(state.state)) continue;
      if (filter.eventType !== null && !wants(row.event_types, filter.eventType)) continue;
      found.push({
        id: row.id,
        name: row.name,
        createdAt: row.created_at,
        state,
        wasStopped: row.paused_reason === "failing" || row.paused_reason === "gone",
        pending: pending.get(row.id) ?? 0,
        sum: sums.get(row.id),
      });
    }
  }
  return found;
}

function wants(patterns: string, requested: string): boolean {
  return receivesSome(JSON.parse(patterns) as string[], requested);
}

/** Pending deliveries of each connection that has any. */
async function readWaiting(db: Database, workspaceId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("pending_counts")
    .select(["connection_id", "pending"])
    .where("workspace_id", "=", workspaceId)
    .where("pending", ">", 0)
    .execute();
  return new Map(rows.map((row) => [row.connection_id, row.pending]));
}
