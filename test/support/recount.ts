import assert from "node:assert/strict";
import type { Store } from "../../src/db/open.ts";
import { latencyClass } from "../../src/domain/latency.ts";
import { causeText } from "../../src/domain/statistics.ts";
import { StatisticsFolder } from "../../src/statistics/fold.ts";
import { CLASS_COLUMNS } from "../../src/statistics/rollups-table.ts";
import { until } from "./until.ts";

/** A series' number of attempts, the sum of their durations, and the number in each class of durations. */
type Counted = readonly [attempts: number, durationMs: number, ...classes: readonly number[]];

const INTERVALS_MS = [60_000, 3_600_000];

/**
 * Folds all statistics, then compares them with the rows they were created from. Retries until they match, because
 * others may write between two reads. Minutes before `minutesFrom` are no longer kept.
 */
export async function assertEqualsRecount(store: Store, minutesFrom = 0): Promise<void> {
  const isEqual = () =>
    compare(store, minutesFrom).then(
      () => true,
      () => false,
    );
  await until(isEqual).catch(() => compare(store, minutesFrom));
}

/** Compares only pending deliveries, for rows that no commit has logged. */
export async function assertPendingEqualsRecount(store: Store): Promise<void> {
  await new StatisticsFolder(store).foldAll();
  assert.deepEqual(await storedPending(store), await recountPending(store), "pending");
}

async function compare(store: Store, minutesFrom: number): Promise<void> {
  await new StatisticsFolder(store).foldAll();
  assert.deepEqual(await storedAttempts(store), await recountAttempts(store, minutesFrom), "attempts");
  assert.deepEqual(await storedEvents(store), await recountEvents(store, minutesFrom), "events");
  assert.deepEqual(await storedPending(store), await recountPending(store), "pending");
}

/** Attempts do not say whether their delivery ended, so all failed outcomes are compared together. */
async function storedAttempts({ db }: Store): Promise<Record<string, Counted>> {
  const rows = await db.selectFrom("statistics").selectAll().where("outcome", "!=", "accepted").execute();
  const sums = new Map<string, Counted>();
  for (const row of rows) {
    const result = row.outcome === "delivered" ? "delivered" : "not delivered";
    const interval = row.interval_seconds * 1000;
    const key = [
      row.workspace_id,
      interval,
      row.view,
      row.start,
      row.connection_id,
      row.event_type,
      row.cause,
    ];
    add(sums, [...key, result].join(" "), [
      row.attempts,
      row.duration_ms,
      ...CLASS_COLUMNS.map((column) => row[column]),
    ]);
  }
  return sorted(sums);
}

async function recountAttempts({ db }: Store, minutesFrom: number): Promise<Record<string, Counted>> {
  const rows = await db
    .selectFrom("attempts")
    .innerJoin("deliveries", "deliveries.id", "attempts.delivery_id")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .innerJoin("events", (join) =>
      join
        .onRef("events.id", "=", "deliveries.event_id")
        .onRef("events.workspace_id", "=", "deliveries.workspace_id"),
    )
    .select([
      "deliveries.workspace_id",
      "deliveries.connection_id",
      "events.type",
      "connections.endpoint_host",
    ])
    .select([
      "attempts.started_at",
      "attempts.duration_ms",
      "attempts.response_status",
      "attempts.error_code",
    ])
    .where("attempts.trigger_kind", "!=", "test")
    .execute();
  const sums = new Map<string, Counted>();
  for (const row of rows) {
    const { error_code: errorCode, response_status: responseStatus, endpoint_host: host } = row;
    const cause = errorCode === null ? "" : causeText({ errorCode, responseStatus, host });
    const result = errorCode === null ? "delivered" : "not delivered";
    const classes = CLASS_COLUMNS.map((_, index) => (latencyClass(row.duration_ms) === index ? 1 : 0));
    for (const interval of INTERVALS_MS) {
      const start = Math.floor((row.started_at + row.duration_ms) / interval) * interval;
      if (!isRetained(interval, start, minutesFrom)) continue;
      for (const [view, ...dimensions] of viewsOf(row.connection_id, row.type, cause)) {
        if (view === "all" && interval === INTERVALS_MS[0]) continue;
        const key = [row.workspace_id, interval, view, start, ...dimensions, result].join(" ");
        add(sums, key, [1, row.duration_ms, ...classes]);
      }
    }
  }
  return sorted(sums);
}

function isRetained(interval: number, start: number, minutesFrom: number): boolean {
  return interval !== INTERVALS_MS[0] || start >= minutesFrom;
}

function viewsOf(connectionId: string, type: string, cause: string): readonly (readonly string[])[] {
  return [
    ["total", "", "", ""],
    ["connection", connectionId, "", cause],
    ["event_type", "", type, ""],
    ["cause", "", "", cause],
    ["all", connectionId, type, cause],
  ];
}

async function storedEvents({ db }: Store): Promise<Record<string, Counted>> {
  const rows = await db.selectFrom("statistics").selectAll().where("outcome", "=", "accepted").execute();
  const sums = new Map<string, Counted>();
  for (const row of rows) {
    const key = [row.workspace_id, row.interval_seconds * 1000, row.view, row.start, row.event_type];
    add(sums, key.join(" "), [row.events, row.deliveries]);
  }
  return sorted(sums);
}

async function recountEvents({ db }: Store, minutesFrom: number): Promise<Record<string, Counted>> {
  const rows = await db
    .selectFrom("events")
    .select(["workspace_id", "type", "accepted_at"])
    .select((eb) =>
      eb
        .selectFrom("deliveries")
        .select((deliveries) => deliveries.fn.countAll<number>().as("count"))
        .whereRef("deliveries.event_id", "=", "events.id")
        .whereRef("deliveries.workspace_id", "=", "events.workspace_id")
        .as("deliveries"),
    )
    .where("type", "!=", "integration.test")
    .execute();
  const sums = new Map<string, Counted>();
  for (const { workspace_id, type, accepted_at, deliveries } of rows) {
    for (const interval of INTERVALS_MS) {
      const start = Math.floor(accepted_at / interval) * interval;
      if (!isRetained(interval, start, minutesFrom)) continue;
      const added = [1, Number(deliveries)] as const;
      add(sums, [workspace_id, interval, "total", start, ""].join(" "), added);
      add(sums, [workspace_id, interval, "event_type", start, type].join(" "), added);
    }
  }
  return sorted(sums);
}

async function storedPending({ db }: Store): Promise<Record<string, number>> {
  const rows = await db.selectFrom("pending_counts").selectAll().where("pending", "!=", 0).execute();
  return Object.fromEntries(rows.map((row) => [`${row.workspace_id} ${row.connection_id}`, row.pending]));
}

async function recountPending({ db }: Store): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom("deliveries")
    .select((eb) => ["workspace_id", "connection_id", eb.fn.countAll<number>().as("pending")])
    .where("status", "=", "pending")
    .groupBy(["workspace_id", "connection_id"])
    .execute();
  return Object.fromEntries(
    rows.map((row) => [`${row.workspace_id} ${row.connection_id}`, Number(row.pending)]),
  );
}

function add(sums: Map<string, Counted>, key: string, [attempts, durationMs, ...classes]: Counted): void {
  const [before, durationBefore, ...classesBefore] = sums.get(key) ?? [0, 0];
  sums.set(key, [
    before + attempts,
    durationBefore + durationMs,
    ...classes.map((count, index) => count + (classesBefore[index] ?? 0)),
  ]);
}

function sorted(sums: ReadonlyMap<string, Counted>): Record<string, Counted> {
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
