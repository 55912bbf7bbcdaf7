import { type RawBuilder, sql } from "kysely";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { OTHER } from "../domain/statistics.ts";
import { isUnbounded, memberKey, membersMax } from "./bound.ts";
import type { Group } from "./roll-up.ts";
import { INTERVAL_SECONDS } from "./rollups-table.ts";

/**
 * The groups whose new members may exceed their limit, each with the keys of its stored members. For almost all groups
 * this costs one count of a few index rows.
 */
export async function readFull(
  trx: DatabaseTransaction,
  dialect: Dialect,
  groups: readonly Group[],
): Promise<ReadonlyMap<Group, ReadonlySet<string>>> {
  const bounded = groups.filter((group) => !isUnbounded(group));
  const counts = new Map([
    ...(await countRows(trx, dialect, bounded.filter(isOfConnection), true)),
    ...(await countRows(
      trx,
      dialect,
      bounded.filter((group) => !isOfConnection(group)),
      false,
    )),
  ]);
  const full = new Map<Group, ReadonlySet<string>>();
  for (const group of bounded) {
    if ((counts.get(group) ?? 0) + group.rows.size > membersMax(group))
      full.set(group, await readKeys(trx, group));
  }
  return full;
}

function isOfConnection({ connectionId }: Group): boolean {
  return connectionId !== "";
}

async function countRows(
  trx: DatabaseTransaction,
  dialect: Dialect,
  groups: readonly Group[],
  byConnection: boolean,
): Promise<readonly (readonly [Group, number])[]> {
  if (groups.length === 0) return [];
  const ofConnection = byConnection ? sql`and stored.connection_id = wanted.connection_id` : sql``;
  const { rows } = await sql<{ place: number; count: number }>`
    select wanted.place, (
      select count(*) from statistics stored
      where stored.workspace_id = wanted.workspace_id and stored.interval_seconds = wanted.interval_seconds
        and stored.view = wanted.view and stored.start = wanted.start ${ofConnection}) as count
    from ${wantedGroups(dialect, groups)}`.execute(trx);
  return rows.flatMap(({ place, count }) => {
    const group = groups[Number(place)];
    return group === undefined ? [] : [[group, Number(count)] as const];
  });
}

function wantedGroups(dialect: Dialect, groups: readonly Group[]): RawBuilder<unknown> {
  const rows = groups.map(({ workspaceId, interval, view, start, connectionId }, place) => [
    workspaceId,
    INTERVAL_SECONDS[interval],
    view,
    start,
    connectionId,
    place,
  ]);
  if (dialect === "sqlite") {
    return sql`(
      select value ->> 0 as workspace_id, value ->> 1 as interval_seconds, value ->> 2 as view, value ->> 3 as start,
        value ->> 4 as connection_id, value ->> 5 as place
      from json_each(${JSON.stringify(rows)})) as wanted`;
  }
  const column = (index: number) => rows.map((row) => row[index]);
  return sql`unnest(
    ${column(0)}::text[], ${column(1)}::bigint[], ${column(2)}::text[], ${column(3)}::bigint[], ${column(4)}::text[],
    ${column(5)}::bigint[]) as wanted (workspace_id, interval_seconds, view, start, connection_id, place)`;
}

async function readKeys(trx: DatabaseTransaction, group: Group): Promise<ReadonlySet<string>> {
  const { workspaceId, interval, view, start, connectionId } = group;
  const rows = await trx
    .selectFrom("statistics")
    .select(["connection_id", "event_type", "cause"])
    .distinct()
    .where("workspace_id", "=", workspaceId)
    .where("interval_seconds", "=", INTERVAL_SECONDS[interval])
    .where("view", "=", view)
    .where("start", "=", start)
    .$if(connectionId !== "", (query) => query.where("connection_id", "=", connectionId))
    .execute();
  const members = rows
    .filter((row) => ![row.connection_id, row.event_type, row.cause].includes(OTHER))
    // Successes do not count among a connection's causes.
    .filter((row) => connectionId === "" || row.cause !== "");
  return new Set(
    members.map((row) =>
      memberKey({ connectionId: row.connection_id, eventType: row.event_type, cause: row.cause }),
    ),
  );
}
