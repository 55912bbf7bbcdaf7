import type { Database, Dialect } from "../db/open.ts";
import {
  findSilence,
  type HourCount,
  SILENCE_LOOKS_BACK_MS,
  type Silence,
} from "../domain/diagnostics/silence.ts";
import { type RollupRow, readRollups } from "../statistics/read-rollups.ts";
import { type DayStats, EVERYTHING, startOfDay, toDayStats } from "./day-stats.ts";
import { getConnection } from "./read.ts";

/** Statistics of the last 24 hours. */
export type DeliveryStats = DayStats & {
  readonly lastFailureAt: number | null;
  /** Set if regular traffic to connected receivers has stopped; null otherwise. */
  readonly silence: Silence | null;
};

/**
 * For one connection, or for the whole workspace.
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
  const day = toDayStats(await readHours(deps, of, now), now);
  return {
    ...day,
    lastFailureAt: await readLastFailure(db, of),
    silence: day.delivered + day.failed === 0 ? await readSilence(deps, of, now) : null,
  };
}

type StatsDeps = { readonly db: Database; readonly dialect: Dialect };
type Of = { readonly workspaceId: string; readonly connectionId: string | null };

/** Attempts by the hour in which they ended. */
function readHours(deps: StatsDeps, { workspaceId, connectionId }: Of, now: number) {
  const range = { workspaceId, interval: "hour", from: startOfDay(now), to: now + 1 } as const;
  const filter = { ...EVERYTHING, connectionId };
  return readRollups(deps, range, { filter, groupBy: null, groups: null, byStart: true });
}

/** With more connections than this, the most recently used ones are enough. */
const CONNECTIONS_MAX = 20;

/** Read only after a day without attempts, so that busy connections cost nothing. */
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
  const range = { workspaceId, interval: "hour", from, to: now + 1 } as const;
  const reading = { filter: EVERYTHING, groupBy: "connection", groups: ids, byStart: true } as const;
  const hours = countHours(await readRollups(deps, range, reading));
  return findSilence(hours, now);
}

async function readLastFailure(db: Database, { workspaceId, connectionId }: Of): Promise<number | null> {
  let query = db
    .selectFrom("connections")
    .select((eb) => eb.fn.max("last_failure_at").as("at"))
    .where("workspace_id", "=", workspaceId);
  if (connectionId !== null) query = query.where("id", "=", connectionId);
  return (await query.executeTakeFirst())?.at ?? null;
}

function countHours(rows: readonly RollupRow[]): HourCount[] {
  return [...Map.groupBy(rows, ({ start }) => start)].map(([hour, own]) => {
    const attemptsOf = (isDelivered: boolean) =>
      own.reduce(
        (sum, { outcome, counts }) => sum + ((outcome === "delivered") === isDelivered ? counts.attempts : 0),
        0,
      );
    return { hour, delivered: attemptsOf(true), failed: attemptsOf(false) };
  });
}
