import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { Schema } from "../db/schema.ts";
import { LongWork } from "../db/turns.ts";
import { type DeliveryOrder, type Ordered, pageOrdered } from "../domain/delivery-order.ts";
import type { WalkDeps } from "./delivery-walk.ts";
import { pageDeliveries, type Searched } from "./page-deliveries.ts";
import { type DeliveryFilter, timeConditions, wantedConditions } from "./read-filter.ts";
import { searchDeliveries } from "./search-deliveries.ts";

export type SortedPageRequest = {
  readonly order: DeliveryOrder;
  readonly limit: number;
  readonly after: Ordered | null;
  /**
   * When the newest delivery that the first page compared was created, so that all pages compare the same ones; null
   * for the first page.
   */
  readonly newestAt: number | null;
};

export type SortedPage = {
  readonly rows: readonly Ordered[];
  readonly hasMore: boolean;
  readonly newestAt: number | null;
  readonly searched: Searched;
};

/** Deliveries that are compared: some 15 ms on either database, whatever the table's size. */
const COMPARED_MAX = 1000;
const SLICE_ROWS = 500;
/** Sort value of a delivery that was not tried, which comes after those that were. */
const NOT_TRIED = -1;

/**
 * One page in an order without an index: of the newest deliveries of the filter, and when sorted by last change also of
 * those with the latest failures, however long ago they were created. `searched` says what was compared.
 */
export async function sortDeliveries(
  deps: WalkDeps,
  workspaceId: string,
  requested: DeliveryFilter,
  text: string | null,
  page: SortedPageRequest,
): Promise<SortedPage> {
  const filter = page.newestAt === null ? requested : notAfter(requested, page.newestAt);
  const first = { limit: COMPARED_MAX, after: null, direction: "desc" } as const;
  const newest =
    text === null
      ? await pageDeliveries(deps, workspaceId, filter, first)
      : await searchDeliveries(deps, workspaceId, filter, text, first);
  const ids = new Set(newest.rows.map(({ id }) => id));
  const column = page.order === "-duration_ms" ? "duration_ms" : "updated_at";
  const rows = [...(await readValues(deps, workspaceId, column, [...ids], null))];
  if (page.order === "-updated_at" && text === null && newest.hasMore) {
    const changed = await readLastChanged(deps, workspaceId);
    const others = changed.filter((id) => !ids.has(id));
    rows.push(...(await readValues(deps, workspaceId, column, others, filter)));
  }
  const until = newest.hasMore ? (newest.stoppedAt ?? newest.rows.at(-1))?.createdAt : undefined;
  const looked = newest.searched?.rows ?? newest.rows.length;
  return {
    ...pageOrdered(rows, page),
    newestAt: page.newestAt ?? newest.rows[0]?.createdAt ?? null,
    searched: { until: until ?? null, rows: looked, isComplete: !newest.hasMore },
  };
}

function notAfter(filter: DeliveryFilter, at: number): DeliveryFilter {
  return { ...filter, createdBefore: Math.min(filter.createdBefore ?? at + 1, at + 1) };
}

/** The deliveries of a workspace whose last attempt failed, last changed first. */
async function readLastChanged({ db, dialect }: WalkDeps, workspaceId: string): Promise<readonly string[]> {
  const name = sql.raw(dialect === "sqlite" ? "deliveries indexed by deliveries_changed" : "deliveries");
  const rows = await db
    .selectFrom(sql<Schema["deliveries"]>`deliveries`.as<"deliveries">(name))
    .select("deliveries.id")
    .where("deliveries.workspace_id", "=", workspaceId)
    .where("deliveries.error_code", "is not", null)
    .orderBy("deliveries.updated_at", "desc")
    .orderBy("deliveries.id", "desc")
    .limit(COMPARED_MAX)
    .execute();
  return rows.map(({ id }) => id);
}

/** The sort values of these deliveries; with a filter, only of those that match it. */
async function readValues(
  { db, dialect }: WalkDeps,
  workspaceId: string,
  column: "duration_ms" | "updated_at",
  ids: readonly string[],
  filter: DeliveryFilter | null,
): Promise<readonly Ordered[]> {
  const conditions =
    filter === null ? [] : [...wantedConditions(dialect, workspaceId, filter), ...timeConditions(filter)];
  const work = new LongWork(workspaceId);
  const values: Ordered[] = [];
  for (let from = 0; from < ids.length; from += SLICE_ROWS) {
    const among = isAmong(dialect, sql.ref("deliveries.id"), ids.slice(from, from + SLICE_ROWS));
    const rows = await db
      .selectFrom("deliveries")
      .select(["deliveries.id", `deliveries.${column} as value`])
      .where(sql<boolean>`${sql.join([among, ...conditions], sql` and `)}`)
      .execute();
    values.push(...rows.map(({ id, value }) => ({ id, value: value ?? NOT_TRIED })));
    await work.pause();
  }
  return values;
}
