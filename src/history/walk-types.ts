import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "../db/open.ts";
import type { Direction, Position } from "../db/paging.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** Types looked up one by one; where a pattern covers more, most events are of one of them. */
const TYPES_MAX = 50;
const ALL_BELOW = ".*";
/** The character after the dot: what begins with `order.` comes before `order/`. */
const AFTER_DOT = "/";
/** Comes before and after every id. */
const ID_MIN = "";
const ID_MAX = "~";

/**
 * The types that these patterns stand for, as far as events have come with them; null where every event may be meant, or
 * where there are too many types to look each up.
 */
export async function findTypes(
  deps: WalkDeps,
  workspaceId: string,
  patterns: readonly string[] | null,
): Promise<readonly string[] | null> {
  if (patterns === null) return null;
  const types = new Set(patterns.filter((pattern) => !pattern.endsWith(ALL_BELOW)));
  for (const pattern of patterns.filter((one) => one.endsWith(ALL_BELOW))) {
    for (const type of await readTypesBelow(deps, workspaceId, pattern.slice(0, -1))) types.add(type);
    if (types.size > TYPES_MAX) return null;
  }
  return [...types];
}

/** Goes from one type to the next through the index, so it costs by the number of types, not of events. */
async function readTypesBelow(
  { db, dialect }: WalkDeps,
  workspaceId: string,
  prefix: string,
): Promise<readonly string[]> {
  const type = typeByBytes(dialect);
  const end = `${prefix.slice(0, -1)}${AFTER_DOT}`;
  const { rows } = await sql<{ type: string }>`
    with recursive seen (type, place) as (
      select (
        select min(${type}) from events
        where workspace_id = ${workspaceId} and ${type} >= ${prefix} and ${type} < ${end}
      ), 1
      union all
      select (
        select min(${type}) from events
        where workspace_id = ${workspaceId} and ${type} > seen.type and ${type} < ${end}
      ), seen.place + 1
      from seen where seen.type is not null and seen.place <= ${TYPES_MAX}
    )
    select type from seen where type is not null`.execute(db);
  return rows.map((row) => row.type);
}

/** In the order of the index: PostgreSQL compares texts by the rules of a language by default. */
function typeByBytes(dialect: Dialect): RawBuilder<string> {
  return dialect === "sqlite" ? sql.raw("events.type") : sql.raw('events.type collate "C"');
}

type Walked = {
  readonly after: Position | null;
  readonly direction: Direction;
  readonly filter: Pick<DeliveryFilter, "createdFrom" | "createdBefore">;
};

/**
 * Where the next event of these types may have deliveries: those are created in the moment in which the event is accepted.
 * Null when no such event is left. `isSkipped`: whatever lies before that position is of other types.
 */
export async function nextOfTypes(
  { db, dialect }: WalkDeps,
  workspaceId: string,
  types: readonly string[],
  { after, direction, filter }: Walked,
): Promise<{ readonly isSkipped: boolean; readonly position: Position } | null> {
  const { createdFrom, createdBefore } = filter;
  const type = typeByBytes(dialect);
  const isDescending = direction === "desc";
  const bounds = [
    ...(createdFrom === null ? [] : [sql`accepted_at >= ${createdFrom}`]),
    ...(createdBefore === null ? [] : [sql`accepted_at < ${createdBefore}`]),
    ...(after === null
      ? []
      : [isDescending ? sql`accepted_at <= ${after.createdAt}` : sql`accepted_at >= ${after.createdAt}`]),
  ];
  // One look into the index for each type, all in one statement: a page may ask forty times.
  const isFirst = sql.raw(isDescending ? "max" : "min");
  const conditions = [sql`workspace_id = ${workspaceId}`, sql`${type} = wanted.value`, ...bounds];
  const { rows } = await sql<{ accepted_at: number | null }>`
    select ${isFirst}((
      select ${isFirst}(accepted_at) from events where ${sql.join(conditions, sql` and `)}
    )) as accepted_at from ${listOf(dialect, types)}`.execute(db);
  const at = rows[0]?.accepted_at ?? null;
  if (at === null) return null;
  const next = Number(at);
  const position = { createdAt: next, id: isDescending ? ID_MAX : ID_MIN };
  return { isSkipped: next !== after?.createdAt, position };
}

function listOf(dialect: Dialect, types: readonly string[]): RawBuilder<unknown> {
  return dialect === "sqlite"
    ? sql`json_each(${JSON.stringify(types)}) as wanted`
    : sql`unnest(${[...types]}::text[]) as wanted (value)`;
}
