import { newId } from "../../src/db/new-id.ts";
import type { Store } from "../../src/db/open.ts";
import { causeText } from "../../src/domain/statistics.ts";
import { StatisticsEntry } from "../../src/statistics/entry.ts";
import { StatisticsFolder } from "../../src/statistics/fold.ts";
import { logEntry } from "../../src/statistics/log-entry.ts";

const HOUR_MS = 60 * 60 * 1000;
const PER_HOUR = 2;

/** Attempts at one connection that ended within one hour. */
export type SeededHour = {
  readonly connectionId: string;
  readonly hour: number;
  readonly delivered: number;
  readonly failed: number;
};

/** Writes the engine's counts of attempts, without the attempts. */
export async function seedHours(store: Store, hours: readonly SeededHour[]): Promise<void> {
  const rows = await store.db.selectFrom("connections").select(["id", "workspace_id"]).execute();
  const workspaceOf = new Map(rows.map((row) => [row.id, row.workspace_id]));
  const entry = new StatisticsEntry();
  for (const { connectionId, hour, delivered, failed } of hours) {
    const of = {
      connectionId,
      eventType: "order.paid",
      startedAt: hour,
      durationMs: 20,
      isEnd: true,
      deliveryId: newId(),
    };
    const workspaceId = workspaceOf.get(connectionId) ?? "";
    for (let count = 0; count < delivered; count++)
      entry.addAttempt(workspaceId, { ...of, outcome: "delivered", cause: "" });
    const cause = causeText({ errorCode: "timeout", responseStatus: null, host: "hooks.example.com" });
    for (let count = 0; count < failed; count++)
      entry.addAttempt(workspaceId, { ...of, outcome: "failed", cause });
  }
  await store.transact((trx) => logEntry(store.hot, trx, entry, Date.now()));
  await new StatisticsFolder(store).foldAll();
}

/** Writes the engine's counts for a connection that receives two events per hour between two times. */
export async function seedSteadyHours(
  store: Store,
  connectionId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const start = from - (from % HOUR_MS);
  const hours = Array.from(
    { length: Math.floor((to - start) / HOUR_MS) },
    (_, index) => start + index * HOUR_MS,
  );
  await seedHours(
    store,
    hours.map((hour) => ({ connectionId, hour, delivered: PER_HOUR, failed: 0 })),
  );
  await store.db
    .updateTable("connections")
    .set({ last_event_at: hours.at(-1) ?? null })
    .where("id", "=", connectionId)
    .execute();
}

/** A connection's counted attempts per hour. */
export async function readHourCounts(store: Store): Promise<readonly SeededHour[]> {
  await new StatisticsFolder(store).foldAll();
  const rows = await store.db
    .selectFrom("statistics")
    .select(["connection_id", "start", "outcome", "attempts"])
    .where("view", "=", "connection")
    .where("interval_seconds", "=", 3600)
    .execute();
  const byHour = Map.groupBy(rows, (row) => `${row.connection_id} ${row.start}`);
  const sum = (of: typeof rows) => of.reduce((total, { attempts }) => total + attempts, 0);
  return [...byHour.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const delivered = sum(own.filter(({ outcome }) => outcome === "delivered"));
    return { connectionId: first.connection_id, hour: first.start, delivered, failed: sum(own) - delivered };
  });
}
