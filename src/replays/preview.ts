import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import { type Position, SLICE_ROWS, within } from "../db/paging.ts";
import { BackgroundWork } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isTroubled } from "../domain/replay.ts";
import {
  chooseWalk,
  DELIVERY_WALK,
  type DeliveryWalk,
  readWalkEnd,
  type WalkDeps,
  wantedOfRange,
} from "../history/delivery-walk.ts";
import { withKnownConnections } from "../history/page-deliveries.ts";
import { asOf } from "./as-of.ts";
import { NO_TEST } from "./find-candidates.ts";
import { readReplayedConnections } from "./read-replayed-connections.ts";
import type { ReplayFilter } from "./replay-row.ts";

/** Deliveries examined for one count: some hundred milliseconds, in steps that let other work run in between. */
const COUNTED_MAX = 100_000;
/** The largest causes that are distinguished. */
const CAUSES_MAX = 100;

/** Deliveries that failed in the same way at the same connection. */
export type ReplayCause = {
  readonly connectionId: string;
  readonly connectionName: string;
  /** Null for deliveries that succeeded or were never tried. */
  readonly errorCode: string | null;
  readonly responseStatus: number | null;
  readonly count: number;
  /** Whether its receiver is known to accept nothing at the moment. */
  readonly isTroubled: boolean;
};

export type ReplayPreview = {
  readonly count: number;
  /** False when there are more deliveries than are examined: only the oldest are counted. */
  readonly countIsExact: boolean;
  readonly oldestAt: number | null;
  readonly newestAt: number | null;
  /** Largest first. */
  readonly causes: readonly ReplayCause[];
  /** The part of the count whose receiver accepts nothing at the moment. */
  readonly troubledCount: number;
};

type Sum = {
  readonly connection_id: string;
  readonly error_code: string | null;
  readonly response_status: number | null;
  readonly count: number;
  readonly oldest: number;
  readonly newest: number;
};

/**
 * The deliveries that a replay starting now would send again, counted in slices that let other work run in between.
 *
 * @throws {OpenSendError} `not_found` when the workspace has none of the connections.
 */
export async function previewReplay(
  deps: WalkDeps,
  workspaceId: string,
  requested: ReplayFilter,
  now: number,
): Promise<ReplayPreview> {
  const known = await withKnownConnections(deps, workspaceId, requested);
  if (known === null) {
    throw new OpenSendError(
      "not_found",
      "This workspace has no connection with that id. Copy the id from the list of connections.",
    );
  }
  const filter = asOf({ ...requested, ...known, statuses: requested.statuses }, now);
  const walk = { ...chooseWalk(deps.dialect, workspaceId, filter), also: [NO_TEST] };
  const sums = new Map<string, Sum>();
  const work = new BackgroundWork(workspaceId);
  let after: Position | null = null;
  let countIsExact = false;
  for (let looked = 0; looked < COUNTED_MAX; looked += SLICE_ROWS) {
    const slice = { after, direction: "asc", rowsMax: SLICE_ROWS } as const;
    const until: Position | null = await readWalkEnd(deps, walk, filter, slice);
    for (const sum of await countSlice(deps, workspaceId, walk, filter, { after, until })) add(sums, sum);
    if (until === null) {
      countIsExact = true;
      break;
    }
    after = until;
    await work.nextStep();
  }
  return toPreview(deps, [...sums.values()], countIsExact, now);
}

async function countSlice(
  deps: WalkDeps,
  workspaceId: string,
  walk: DeliveryWalk,
  filter: ReplayFilter,
  slice: { readonly after: Position | null; readonly until: Position | null },
): Promise<readonly Sum[]> {
  const sums: Sum[] = [];
  for (const range of walk.ranges) {
    const wanted = wantedOfRange(deps, workspaceId, walk, range, filter).clearSelect();
    const rows = await within(wanted, slice, "asc", DELIVERY_WALK)
      .select(["deliveries.connection_id", "deliveries.error_code", "deliveries.response_status"])
      .select((eb) => [
        eb.fn.countAll<number>().as("count"),
        sql<number>`min(deliveries.created_at)`.as("oldest"),
        sql<number>`max(deliveries.created_at)`.as("newest"),
      ])
      .groupBy(["deliveries.connection_id", "deliveries.error_code", "deliveries.response_status"])
      .execute();
    sums.push(...rows);
  }
  return sums;
}

function add(sums: Map<string, Sum>, sum: Sum): void {
  const key = `${sum.connection_id} ${sum.error_code} ${sum.response_status}`;
  const before = sums.get(key);
  const count = Number(sum.count) + (before?.count ?? 0);
  const oldest = Math.min(Number(sum.oldest), before?.oldest ?? Number.POSITIVE_INFINITY);
  const newest = Math.max(Number(sum.newest), before?.newest ?? 0);
  sums.set(key, { ...sum, count, oldest, newest });
}

async function toPreview(
  deps: WalkDeps,
  sums: readonly Sum[],
  countIsExact: boolean,
  now: number,
): Promise<ReplayPreview> {
  const ids = [...new Set(sums.map((sum) => sum.connection_id))];
  const connections = await readReplayedConnections(deps, ids);
  const names = await readNames(deps, ids);
  const isTroubledNow = (id: string) => {
    const connection = connections.get(id);
    return connection !== undefined && isTroubled(connection, now);
  };
  const countOf = (some: readonly Sum[]) => some.reduce((count, sum) => count + sum.count, 0);
  const causes = sums
    .toSorted((a, b) => b.count - a.count)
    .slice(0, CAUSES_MAX)
    .map((sum) => ({
      connectionId: sum.connection_id,
      connectionName: names.get(sum.connection_id) ?? "",
      errorCode: sum.error_code,
      responseStatus: sum.response_status,
      count: sum.count,
      isTroubled: isTroubledNow(sum.connection_id),
    }));
  return {
    count: countOf(sums),
    countIsExact,
    oldestAt: sums.length === 0 ? null : Math.min(...sums.map(({ oldest }) => oldest)),
    newestAt: sums.length === 0 ? null : Math.max(...sums.map(({ newest }) => newest)),
    causes,
    troubledCount: countOf(sums.filter((sum) => isTroubledNow(sum.connection_id))),
  };
}

async function readNames({ db, dialect }: WalkDeps, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("connections")
    .select(["id", "name"])
    .where((eb) => isAmong(dialect, eb.ref("id"), ids))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
