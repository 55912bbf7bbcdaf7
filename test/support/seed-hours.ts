import type { Database } from "../../src/db/open.ts";

const HOUR_MS = 60 * 60 * 1000;
const PER_HOUR = 2;

/** Writes what the engine counts of a connection that is sent two events in each hour between two times. */
export async function seedHours(
  db: Database,
  connectionId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const start = from - (from % HOUR_MS);
  const hours = Array.from(
    { length: Math.floor((to - start) / HOUR_MS) },
    (_, index) => start + index * HOUR_MS,
  );
  await db
    .insertInto("delivery_hours")
    .values(hours.map((hour) => ({ connection_id: connectionId, hour, delivered: PER_HOUR, failed: 0 })))
    .execute();
  await db
    .updateTable("connections")
    .set({ last_event_at: hours.at(-1) ?? null })
    .where("id", "=", connectionId)
    .execute();
}
