import type { Database } from "../store/open.ts";
import { SILENT_AFTER_MS } from "./worker-registry.ts";

/** Many more than deliver from one database; those that crashed stay listed for a day. */
const WORKERS_MAX = 100;

/** A process that delivers. Times are epoch milliseconds. */
export type WorkerState = {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: number;
  readonly beatAt: number;
  /** Its connections are others' by now. */
  readonly isSilent: boolean;
};

/** The processes that deliver from this database and have not stopped in order, those heard last first. */
export async function readWorkers(db: Database, now: number): Promise<WorkerState[]> {
  const rows = await db
    .selectFrom("workers")
    .select(["id", "host", "pid", "version", "started_at", "beat_at"])
    .where("stopped_at", "is", null)
    .orderBy("beat_at", "desc")
    .orderBy("id")
    .limit(WORKERS_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    version: row.version,
    startedAt: row.started_at,
    beatAt: row.beat_at,
    isSilent: now - row.beat_at >= SILENT_AFTER_MS,
  }));
}
