import type { Database } from "../db/open.ts";

/**
 * The latest time that any worker is known to have reached, or null if there was none within a day. Nothing is added
 * for the time that a killed worker ran after its last heartbeat: every restart would put the clock further ahead.
 */
export async function newestHeartbeat(db: Database): Promise<number | null> {
  const rows = await db.selectFrom("workers").select(["beat_at", "stopped_at"]).execute();
  const times = rows.map(({ beat_at: heartbeatAt, stopped_at: stoppedAt }) => stoppedAt ?? heartbeatAt);
  return times.length === 0 ? null : Math.max(...times);
}
