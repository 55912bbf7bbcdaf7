import { hostname } from "node:os";
import type { Database } from "../store/open.ts";
import { SILENT_AFTER_MS } from "./peers.ts";

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
    .where("beat_at", "<", now - SILENT_AFTER_MS);
  return takeBack(db, now, (query) =>
    query.where((eb) => eb.or([eb("lease_expires_at", "<", now), eb("lease_holder", "in", silent)])),
  );
}

/**
 * Takes back, at the start of a process, what earlier processes of this machine left when they were killed: nobody has
 * to wait for their leases to run out.
 */
export async function takeOver(db: Database, now: number): Promise<Swept> {
  const holders = await db
    .selectFrom("deliveries")
    .select("lease_holder")
    .distinct()
    .where("status", "=", "delivering")
    .execute();
  const dead = holders.flatMap(({ lease_holder: holder }) =>
    holder !== null && isDead(holder) ? holder : [],
  );
  if (dead.length === 0) return sweepLeases(db, now);
  await db.deleteFrom("workers").where("id", "in", dead).execute();
  return takeBack(db, now, (query) =>
    query.where((eb) => eb.or([eb("lease_expires_at", "<", now), eb("lease_holder", "in", dead)])),
  );
}

/** The name of a process in leases: where it runs, so that one that died can be told. */
export function nameWorker(random: string): string {
  return `${hostname()}:${process.pid}:${random}`;
}

function isDead(holder: string): boolean {
  const [host, pid] = holder.split(":");
  if (host !== hostname() || pid === undefined) return false;
  // A container starts with the same number each time: its predecessor had ours.
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
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
