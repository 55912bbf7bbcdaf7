import type { Database } from "../store/open.ts";
import { BEAT_EVERY_MS } from "./worker-registry.ts";

/**
 * The latest time that any worker is known to have stored rows at, or null when there was none for a day. One that was
 * killed may have gone on for as long as it takes to the next heartbeat.
 */
export async function newestHeartbeat(db: Database): Promise<number | null> {
  const rows = await db.selectFrom("workers").select(["beat_at", "stopped_at"]).execute();
  const times = rows.map(({ beat_at: beatAt, stopped_at: stoppedAt }) => stoppedAt ?? beatAt + BEAT_EVERY_MS);
  return times.length === 0 ? null : Math.max(...times);
}
