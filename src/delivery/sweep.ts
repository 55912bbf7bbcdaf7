import type { Database } from "../store/open.ts";
import { SILENT_AFTER_MS } from "./worker-registry.ts";

/** Twice what a lease takes: one that ends later was taken by a clock that has been set back since. */
const LEASE_AHEAD_MAX_MS = 60_000;

export type Swept = {
  /** Due again, with their place in the queue. */
  readonly returned: number;
  readonly failedTests: number;
};

/**
 * Takes back deliveries whose lease ran out or whose holder has fallen silent, because the process died or hangs. A
 * test is never sent a second time, so it ends as failed.
 */
export async function sweepLeases(db: Database, now: number): Promise<Swept> {
  const silent = db
    .selectFrom("workers")
    .select("id")
    .where((eb) => eb.or([eb("beat_at", "<", now - SILENT_AFTER_MS), eb("stopped_at", "is not", null)]));
  return takeBack(db, now, (query) =>
    query.where((eb) =>
      eb.or([
        eb("lease_expires_at", "<", now),
        eb("lease_expires_at", ">", now + LEASE_AHEAD_MAX_MS),
        eb("lease_holder", "in", silent),
      ]),
    ),
  );
}

/**
 * Takes back everything under lease, at the start of a process that is known to be the only one on its database: whoever
 * held it is gone. Their heartbeats may be recent, and would leave them their connections until they are silent.
 */
export async function sweepAllLeases(db: Database, now: number): Promise<Swept> {
  await db.deleteFrom("workers").execute();
  return takeBack(db, now, (query) => query);
}

type LeasedQuery = ReturnType<typeof leased>;

function leased(db: Database, to: "pending" | "failed", now: number) {
  return db
    .updateTable("deliveries")
    .set({
      status: to,
      lease_holder: null,
      lease_expires_at: null,
      updated_at: now,
      ...(to === "failed" ? { next_attempt_at: null } : {}),
    })
    .where("status", "=", "delivering");
}

async function takeBack(
  db: Database,
  now: number,
  which: (query: LeasedQuery) => LeasedQuery,
): Promise<Swept> {
  const returned = await which(leased(db, "pending", now))
    .where("trigger_kind", "!=", "test")
    .executeTakeFirst();
  const tests = await which(leased(db, "failed", now))
    .where("trigger_kind", "=", "test")
    .executeTakeFirst();
  return { returned: Number(returned.numUpdatedRows), failedTests: Number(tests.numUpdatedRows) };
}
