import { type RawBuilder, sql } from "kysely";
import { offIndex } from "../db/off-index.ts";
import type { Database, Dialect } from "../db/open.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";

/** The number of deliveries of an event by status. */
export type Outcomes = Readonly<Record<DeliveryStatus, number>> & {
  /** False when the event has more deliveries than were counted. */
  readonly isExact: boolean;
};

/** Deliveries counted for a page of events: some 20 ms on either database, however many connections there are. */
const COUNTED_PER_PAGE_MAX = 10_000;
const COUNTED_PER_EVENT_MAX = 1000;

type ReadDeps = { readonly db: Database; readonly dialect: Dialect };

/** The outcomes of these events of a workspace, by event id, counted through the index of each event's deliveries. */
export async function countOutcomes(
  { db, dialect }: ReadDeps,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, Outcomes>> {
  if (eventIds.length === 0) return new Map();
  const max = Math.min(COUNTED_PER_EVENT_MAX, Math.floor(COUNTED_PER_PAGE_MAX / eventIds.length));
  const { rows } = await sql<{ id: string; counts: string | null }>`
    select wanted.value as id, (
      select ${objectOf(dialect)} from (
        select status, count(*) as number from (
          select status from deliveries
          where event_id = wanted.value and ${offIndex("workspace_id")} = ${workspaceId} limit ${max + 1}) as looked_at
        group by status) as counted) as counts
    from ${rowsOf(dialect, eventIds)}`.execute(db);
  return new Map(rows.map(({ id, counts }) => [id, toOutcomes(counts, max)]));
}

function objectOf(dialect: Dialect): RawBuilder<string> {
  return dialect === "sqlite"
    ? sql`json_group_object(status, number)`
    : sql`json_object_agg(status, number)::text`;
}

function rowsOf(dialect: Dialect, ids: readonly string[]): RawBuilder<unknown> {
  return dialect === "sqlite"
    ? sql`json_each(${JSON.stringify(ids)}) as wanted`
    : sql`unnest(${[...ids]}::text[]) as wanted (value)`;
}

function toOutcomes(counts: string | null, max: number): Outcomes {
  const found = JSON.parse(counts ?? "{}") as Partial<Record<DeliveryStatus, number>>;
  const { pending = 0, delivered = 0, failed = 0, cancelled = 0 } = found;
  const isExact = pending + delivered + failed + cancelled <= max;
  return { pending, delivered, failed, cancelled, isExact };
}
