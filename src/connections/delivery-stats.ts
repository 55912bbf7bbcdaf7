import type { Database, Dialect } from "../db/open.ts";
import { readSliceEnd, within } from "../db/paging.ts";
import {
  findSilence,
  type HourCount,
  SILENCE_LOOKS_BACK_MS,
  type Silence,
} from "../domain/diagnostics/silence.ts";
import { type RollupRow, readRollups } from "../statistics/read-rollups.ts";
import { getConnection } from "./read.ts";

const HOUR_MS = 60 * 60 * 1000;
const HOURS = 24;
/** Answers whose durations are looked at. */
const DURATIONS_MAX = 200;

/** What the last 24 hours were like, by the attempts that ended in them. Times are epoch milliseconds. */
export type DeliveryStats = {
  readonly from: number;
  readonly to: number;
  /** Each hour from its start on, the oldest first; hours without attempts are there too. */
  readonly hours: readonly { readonly hour: number; readonly delivered: number; readonly failed: number }[];
  readonly delivered: number;
  readonly failed: number;
  /** Of the last deliveries that were tried, 95 % took no longer; null when there are none. */
  readonly p95Ms: number | null;
  readonly lastFailureAt: number | null;
  /** What is connected was sent to regularly, and is not any more; null while there is nothing odd. */
  readonly silence: Silence | null;
};

/**
 * Of one connection, or of the whole workspace.
 *
 * @throws {OpenSendError} `not_found` when the workspace has no such connection.
 */
export async function readDeliveryStats(
  deps: StatsDeps,
  workspaceId: string,
  connectionId: string | null,
  now: number,
): Promise<DeliveryStats> {
  const { db } = deps;
  if (connectionId !== null) await getConnection(db, workspaceId, connectionId);
  const of = { workspaceId, connectionId };
  const newest = now - (now % HOUR_MS);
  const from = newest - (HOURS - 1) * HOUR_MS;
  const counts = await readHours(deps, of, from, now);
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const hour = from + index * HOUR_MS;
    const row = counts.get(hour);
    return { hour, delivered: row?.delivered ?? 0, failed: row?.failed ?? 0 };
  });
  const isQuiet = hours.every(({ delivered, failed }) => delivered + failed === 0);
  return {
    from,
    to: now,
    hours,
    delivered: hours.reduce((sum, { delivered }) => sum + delivered, 0),
    failed: hours.reduce((sum, { failed }) => sum + failed, 0),
    p95Ms: percentile95(await readDurations(db, of)),
    lastFailureAt: await readLastFailure(db, of),
    silence: isQuiet ? await readSilence(deps, of, now) : null,
  };
}

type StatsDeps = { readonly db: Database; readonly dialect: Dialect };
type Of = { readonly workspaceId: string; readonly connectionId: string | null };

/** Attempts by the hour in which they ended. */
async function readHours(deps: StatsDeps, { workspaceId, connectionId }: Of, from: number, now: number) {
  const stretch = { workspaceId, interval: "hour", from, to: now + 1 } as const;
  const filter = { connectionId, eventType: null, outcome: null, cause: null };
  const reading = { filter, groupBy: null, groups: null, byStart: true };
  return toHours(await readRollups(deps, stretch, reading));
}

function toHours(rows: readonly RollupRow[]): ReadonlyMap<number, HourCount> {
  const hours = new Map<number, HourCount>();
  for (const { start: hour, outcome, counts } of rows) {
    const { delivered, failed } = hours.get(hour) ?? { delivered: 0, failed: 0 };
    const isDelivered = outcome === "delivered";
    hours.set(hour, {
      hour,
      delivered: delivered + (isDelivered ? counts.attempts : 0),
      failed: failed + (isDelivered ? 0 : counts.attempts),
    });
  }
  return hours;
}

/** With more connections than that, the ones that were sent to last tell enough. */
const CONNECTIONS_MAX = 20;

/** Read only after a day without any attempt, so that whatever is busy costs nothing. */
async function readSilence(deps: StatsDeps, { workspaceId, connectionId }: Of, now: number) {
  const { db } = deps;
  const from = now - SILENCE_LOOKS_BACK_MS;
  let connected = db
    .selectFrom("connections")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("status", "=", "connected")
    .where("last_event_at", ">=", from)
    .orderBy("last_event_at", "desc")
    .limit(CONNECTIONS_MAX);
  if (connectionId !== null) connected = connected.where("id", "=", connectionId);
  const ids = (await connected.execute()).map(({ id }) => id);
  if (ids.length === 0) return null;
  const stretch = { workspaceId, interval: "hour", from, to: now + 1 } as const;
  const filter = { connectionId: null, eventType: null, outcome: null, cause: null };
  const reading = { filter, groupBy: "connection", groups: ids, byStart: true } as const;
  const hours = toHours(await readRollups(deps, stretch, reading));
  return findSilence([...hours.values()], now);
}

/** Looks at a bounded part of the newest deliveries: a long backlog has no durations yet. */
async function readDurations(db: Database, { workspaceId, connectionId }: Of): Promise<number[]> {
  const own = db
    .selectFrom("deliveries")
    .where((eb) =>
      connectionId === null ? eb("workspace_id", "=", workspaceId) : eb("connection_id", "=", connectionId),
    );
  const until = await readSliceEnd(own.select(["id", "created_at"]), null, "desc");
  const rows = await within(own, { after: null, until }, "desc")
    .select("duration_ms")
    .where("trigger_kind", "!=", "test")
    .where("duration_ms", "is not", null)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(DURATIONS_MAX)
    .execute();
  return rows.flatMap(({ duration_ms }) => duration_ms ?? []);
}

async function readLastFailure(db: Database, { workspaceId, connectionId }: Of): Promise<number | null> {
  let query = db
    .selectFrom("connections")
    .select((eb) => eb.fn.max("last_failure_at").as("at"))
    .where("workspace_id", "=", workspaceId);
  if (connectionId !== null) query = query.where("id", "=", connectionId);
  return (await query.executeTakeFirst())?.at ?? null;
}

/** The smallest duration that 95 % do not exceed (nearest rank). */
function percentile95(durations: readonly number[]): number | null {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
