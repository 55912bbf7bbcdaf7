import { hostname } from "node:os";
import { chooseProcess } from "../core/rendezvous.ts";
import type { Database } from "../store/open.ts";

/** How often a worker says that it is there. */
export const BEAT_EVERY_MS = 2000;
/** A worker silent for so long is gone: its connections are others' now, and its leases are taken back. */
export const SILENT_AFTER_MS = 15_000;
/** Between two beats of this process there was more than being busy. */
const GAP_MS = 3 * BEAT_EVERY_MS;

/** The processes that deliver from one database, and which of them works which connection. */
export type Peers = {
  /** Says that this process is there, and reads who else is. Returns whether the others changed. */
  readonly beat: () => Promise<boolean>;
  readonly leave: () => Promise<void>;
  /** Whether this process works a connection: each is worked by one, so that limits and order hold across processes. */
  readonly owns: (connectionId: string) => boolean;
  readonly areOthers: () => boolean;
  /**
   * Whether who is silent can be told: not after this process itself was cut off from the database, or its clock was
   * stepped. Then the others get the time to be heard again.
   */
  readonly canJudge: () => boolean;
  /** When this process last managed to say that it is there; null before the first time. */
  readonly lastBeatAt: () => number | null;
};

type PeersDeps = {
  readonly db: Database;
  readonly workerId: string;
  readonly version: string;
  readonly now: () => number;
};

export function createPeers({ db, workerId, version, now }: PeersDeps): Peers {
  const startedAt = now();
  let alive: readonly string[] = [workerId];
  let lastBeatAt: number | null = null;
  let judgesFrom = 0;
  return {
    beat: async () => {
      const time = now();
      await db
        .insertInto("workers")
        .values({
          id: workerId,
          host: hostname(),
          pid: process.pid,
          version,
          started_at: startedAt,
          beat_at: time,
        })
        .onConflict((conflict) => conflict.column("id").doUpdateSet({ beat_at: time }))
        .execute();
      const rows = await db.selectFrom("workers").select(["id", "beat_at"]).orderBy("id").execute();
      if (lastBeatAt !== null && Math.abs(time - lastBeatAt) > GAP_MS) judgesFrom = time + SILENT_AFTER_MS;
      lastBeatAt = time;
      const before = new Set(alive);
      const isHeard = (row: { id: string; beat_at: number }) =>
        Math.abs(time - row.beat_at) < SILENT_AFTER_MS || (time < judgesFrom && before.has(row.id));
      alive = rows.filter(isHeard).map(({ id }) => id);
      return alive.length !== before.size || alive.some((id) => !before.has(id));
    },
    leave: async () => {
      await db.deleteFrom("workers").where("id", "=", workerId).execute();
    },
    owns: (connectionId) => alive.length <= 1 || chooseProcess(alive, connectionId) === workerId,
    canJudge: () => now() >= judgesFrom,
    areOthers: () => alive.length > 1,
    lastBeatAt: () => lastBeatAt,
  };
}
