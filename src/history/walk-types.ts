import { type RawBuilder, sql } from "kysely";
import type { Dialect } from "../db/open.ts";
import type { Direction, Position } from "../db/paging.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import type { DeliveryFilter } from "./read-filter.ts";

/** Types looked up individually; if a pattern covers more, most events are of one of them. */
const TYPES_MAX = 50;
const ALL_BELOW = ".*";
/** The character after the dot: everything that begins with `order.` sorts before `order/`. */
const AFTER_DOT = "/";
/** Sort before and after every id. */
const ID_MIN = "";
const ID_MAX = "~";

/**
 * The types of existing events that match these patterns; null if every event can match, or if there are too many types
 * to look up each.
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

/** Walks from one type to the next through the index, so the cost depends on the number of types, not of events. */
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

/** Collated like the index: by default PostgreSQL compares texts by the rules of a language. */
function typeByBytes(dialect: Dialect): RawBuilder<string> {
  return dialect === "sqlite" ? sql.raw("events.type") : sql.raw('events.type collate "C"');
}

type Walked = {
  readonly after: Position | null;
  readonly direction: Direction;
  readonly filter: Pick<DeliveryFilter, "createdFrom" | "createdBefore">;
};

/**
 * The position of the next event of these types, at which its deliveries are created too. Null when no such event is
 * left. `isSkipped`: everything before that position is of other types.
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
  // One index lookup per type, all in one statement: a page may need forty of these.
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
