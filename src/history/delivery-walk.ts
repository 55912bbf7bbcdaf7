import { type RawBuilder, type SqlBool, sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { Database, Dialect } from "../db/open.ts";
import { type Direction, type Position, readSliceEnd, type Slice, within } from "../db/paging.ts";
import type { Schema } from "../db/schema.ts";
import { SEND_FAILURE_CODES } from "../domain/outcome.ts";
import { type DeliveryFilter, timeConditions, wantedConditions } from "./read-filter.ts";

/** The columns by which deliveries are walked. */
export const DELIVERY_WALK = { time: "deliveries.created_at", id: "deliveries.id" } as const;

/** More ranges than this take longer than walking the whole workspace. */
export const RANGES_MAX = 60;

type Condition = RawBuilder<SqlBool>;

/**
 * How the deliveries of a filter are found: some ranges of one index, each ordered by time, which are walked together;
 * the rest of the filter is checked row by row.
 */
export type DeliveryWalk = {
  readonly ranges: readonly Condition[];
  /** The index of the ranges; null for the primary key. */
  readonly index: string | null;
  /** Whether the ranges contain only matching deliveries. */
  readonly isExact: boolean;
  /** More conditions, independent of the filter. */
  readonly also?: readonly Condition[];
};

export type WalkDeps = { readonly db: Database; readonly dialect: Dialect };

/**
 * Chooses the index with the fewest rows for a filter. Connections must be known to belong to the workspace. Only the
 * columns of one index are compared, since SQLite would have to guess between several.
 */
export function chooseWalk(dialect: Dialect, workspaceId: string, filter: DeliveryFilter): DeliveryWalk {
  const { ids, eventId, connectionIds, statuses, eventTypes, response, responseStatuses } = filter;
  const isNarrowed = eventTypes !== null || (filter.own ?? null) !== null;
  if (ids !== null)
    return { ranges: [isAmong(dialect, sql.ref("deliveries.id"), ids)], index: null, isExact: false };
  if (eventId !== null)
    return { ranges: [sql`deliveries.event_id = ${eventId}`], index: "deliveries_event", isExact: false };
  const codes = codesOf(filter);
  const scopes = scopesOf(workspaceId, connectionIds);
  if (codes !== null && codes.length * scopes.length <= RANGES_MAX) {
    const ranges = scopes.flatMap((scope) =>
      codes.map((code) => sql<SqlBool>`${scope} and deliveries.error_code = ${code}`),
    );
    // A failure before a response has a code of its own, so those codes alone identify it.
    const isResponseImplied = response === null || (response === "none" && filter.errorCodes === null);
    const hasOtherConditions =
      isNarrowed || statuses !== null || !isResponseImplied || responseStatuses !== null;
    return {
      ranges,
      index: connectionIds === null ? "deliveries_faults" : "deliveries_faults_of_connection",
      isExact: !hasOtherConditions,
    };
  }
  const hasOtherConditions = isNarrowed || response !== null || responseStatuses !== null || codes !== null;
  const undelivered = statuses?.every((status) => status !== "delivered") === true ? statuses : null;
  if (undelivered !== null && undelivered.length * scopes.length <= RANGES_MAX) {
    const ranges = scopes.flatMap((scope) =>
      undelivered.map(
        // A literal in the statement: SQLite uses the index only if it can see that its condition is met.
        (status) =>
          sql<SqlBool>`${scope} and deliveries.status <> 'delivered' and deliveries.status = ${sql.lit(status)}`,
      ),
    );
    return {
      ranges,
      index: connectionIds === null ? "deliveries_undelivered" : "deliveries_undelivered_of_connection",
      isExact: !hasOtherConditions,
    };
  }
  if (connectionIds !== null && scopes.length <= RANGES_MAX) {
    return {
      ranges: scopes,
      index: "deliveries_connection",
      isExact: !hasOtherConditions && statuses === null,
    };
  }
  const isExact = !hasOtherConditions && statuses === null && connectionIds === null;
  return { ranges: scopesOf(workspaceId, null), index: "deliveries_workspace", isExact };
}

function scopesOf(workspaceId: string, connectionIds: readonly string[] | null): readonly Condition[] {
  if (connectionIds === null) return [sql`deliveries.workspace_id = ${workspaceId}`];
  return connectionIds.map((id) => sql`deliveries.connection_id = ${id}`);
}

/** The error codes that a filter can find; null if it can find delivered ones. */
function codesOf({ errorCodes, response, responseStatuses }: DeliveryFilter): readonly string[] | null {
  if (errorCodes !== null) return errorCodes;
  if (response === "none") return SEND_FAILURE_CODES;
  if (response === "3xx") return ["redirect"];
  if (response === "4xx" || response === "5xx") return ["http_status"];
  if (responseStatuses === null || responseStatuses.some(isSuccess)) return null;
  return [...new Set(responseStatuses.map((status) => (isRedirect(status) ? "redirect" : "http_status")))];
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** A range by its index alone. SQLite is given the index, since it would guess between several that could be used. */
export function walkRange(
  { db, dialect }: WalkDeps,
  { index }: DeliveryWalk,
  range: Condition,
  filter: DeliveryFilter,
) {
  const name = dialect === "sqlite" && index !== null ? ` indexed by ${index}` : "";
  return db
    .selectFrom(sql<Schema["deliveries"]>`deliveries`.as<"deliveries">(sql.raw(`deliveries${name}`)))
    .select(["deliveries.id", "deliveries.created_at"])
    .where(sql<boolean>`${sql.join([range, ...timeConditions(filter)], sql` and `)}`);
}

/** The matches of the filter in a range: for an exact range all rows, from the index alone. */
export function wantedOfRange(
  deps: WalkDeps,
  workspaceId: string,
  walk: DeliveryWalk,
  range: Condition,
  filter: DeliveryFilter,
) {
  const own = walk.isExact ? [] : wantedConditions(deps.dialect, workspaceId, filter);
  const conditions = [...own, ...(walk.also ?? [])];
  const walked = walkRange(deps, walk, range, filter);
  return conditions.length === 0 ? walked : walked.where(sql<boolean>`${sql.join(conditions, sql` and `)}`);
}

/** The next deliveries of a slice, from all ranges together. */
export async function readNext(
  deps: WalkDeps,
  workspaceId: string,
  walk: DeliveryWalk,
  filter: DeliveryFilter,
  slice: Slice & { readonly direction: Direction; readonly limit: number },
): Promise<readonly Position[]> {
  const { direction, limit } = slice;
  const found: Position[] = [];
  for (const range of walk.ranges) {
    const rows = await within(
      wantedOfRange(deps, workspaceId, walk, range, filter),
      slice,
      direction,
      DELIVERY_WALK,
    )
      .orderBy("deliveries.created_at", direction)
      .orderBy("deliveries.id", direction)
      .limit(limit)
      .execute();
    found.push(...rows.map(({ id, created_at }) => ({ id, createdAt: created_at })));
  }
  return found.toSorted((a, b) => compare(a, b, direction)).slice(0, limit);
}

/**
 * The position of the ranges together after examining at most `rowsMax` rows; null when none are left. Each range gets
 * its part, and the first one with more rows after that ends the slice.
 */
export async function readWalkEnd(
  deps: WalkDeps,
  walk: DeliveryWalk,
  filter: DeliveryFilter,
  slice: { readonly after: Position | null; readonly direction: Direction; readonly rowsMax: number },
): Promise<Position | null> {
  const { after, direction, rowsMax } = slice;
  const ownMax = Math.max(1, Math.floor(rowsMax / walk.ranges.length));
  let first: Position | null = null;
  for (const range of walk.ranges) {
    const end = await readSliceEnd(
      walkRange(deps, walk, range, filter),
      after,
      direction,
      DELIVERY_WALK,
      ownMax,
    );
    if (end !== null && (first === null || compare(end, first, direction) < 0)) first = end;
  }
  return first;
}

function compare(a: Position, b: Position, direction: Direction): number {
  const ascending = a.createdAt - b.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
  return direction === "asc" ? ascending : -ascending;
}
