import type { Database } from "../db/open.ts";
import { readSliceEnd, within } from "../db/paging.ts";
import { findSilence, SILENCE_LOOKS_BACK_MS, type Silence } from "../domain/diagnostics/silence.ts";
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
  db: Database,
  workspaceId: string,
  connectionId: string | null,
  now: number,
): Promise<DeliveryStats> {
  if (connectionId !== null) await getConnection(db, workspaceId, connectionId);
  const of = { workspaceId, connectionId };
  const newest = now - (now % HOUR_MS);
  const from = newest - (HOURS - 1) * HOUR_MS;
  const counts = new Map((await readHours(db, of, from)).map((row) => [row.hour, row]));
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const hour = from + index * HOUR_MS;
    const row = counts.get(hour);
    return { hour, delivered: Number(row?.delivered ?? 0), failed: Number(row?.failed ?? 0) };
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
    silence: isQuiet ? await readSilence(db, of, now) : null,
  };
}

type Of = { readonly workspaceId: string; readonly connectionId: string | null };

async function readHours(db: Database, { workspaceId, connectionId }: Of, from: number) {
  let query = db
    .selectFrom("connections")
    .innerJoin("delivery_hours", "delivery_hours.connection_id", "connections.id")
    .select((eb) => [
      "delivery_hours.hour",
      eb.fn.sum<number>("delivery_hours.delivered").as("delivered"),
      eb.fn.sum<number>("delivery_hours.failed").as("failed"),
    ])
    .where("connections.workspace_id", "=", workspaceId)
    .where("delivery_hours.hour", ">=", from)
    .groupBy("delivery_hours.hour");
  if (connectionId !== null) query = query.where("connections.id", "=", connectionId);
  return query.execute();
}

/** With more connections than that, the ones that were sent to last tell enough. */
const CONNECTIONS_MAX = 20;

/** Read only after a day without any attempt, so that whatever is busy costs nothing. */
async function readSilence(db: Database, { workspaceId, connectionId }: Of, now: number) {
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
  const rows = await db
    .selectFrom("delivery_hours")
    .select((eb) => [
      "hour",
      eb.fn.sum<number>("delivered").as("delivered"),
      eb.fn.sum<number>("failed").as("failed"),
    ])
    .where("connection_id", "in", ids)
    .where("hour", ">=", from)
    .groupBy("hour")
    .execute();
  const hours = rows.map((row) => ({
    hour: row.hour,
    delivered: Number(row.delivered),
    failed: Number(row.failed),
  }));
  return findSilence(hours, now);
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
