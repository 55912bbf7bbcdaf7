import type { Store } from "../db/open.ts";
import { databaseClock } from "../db/read-clock.ts";
import { SILENT_AFTER_MS } from "./members.ts";

/** Far more than deliver from one database; crashed workers stay listed for a day. */
const WORKERS_MAX = 100;

/** A process that delivers. Times are epoch milliseconds. */
export type WorkerState = {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: number;
  readonly heartbeatAt: number;
  /** Other processes own its connections by now. */
  readonly isSilent: boolean;
};

/** The processes that deliver from this database and have not been shut down, most recent heartbeat first. */
export async function readWorkers(
  { db, dialect }: Pick<Store, "db" | "dialect">,
  now: number,
): Promise<WorkerState[]> {
  const rows = await db
    .selectFrom("workers")
    .select(["id", "host", "pid", "version", "started_at", "beat_at", "heard_at"])
    .select(databaseClock(dialect, () => now).as("read_at"))
    .where("stopped_at", "is", null)
    .orderBy("heard_at", "desc")
    .orderBy("id")
    .limit(WORKERS_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    version: row.version,
    startedAt: row.started_at,
    heartbeatAt: row.beat_at,
    isSilent: Math.abs(row.read_at - row.heard_at) >= SILENT_AFTER_MS,
  }));
}
