import { chooseProcess } from "../core/rendezvous.ts";
import type { Database } from "../store/open.ts";
import type { EngineHealth } from "./engine-health.ts";

/** How often a worker renews its heartbeat. */
export const BEAT_EVERY_MS = 2000;
/** A worker whose last heartbeat is so old starts no requests and claims nothing: others may soon take it for gone. */
export const VALID_FOR_MS = 5000;
/**
 * A worker without a heartbeat for so long is gone: its connections are others' now, and its leases are taken back. What it
 * sent before it stopped by itself has ended by then.
 */
export const SILENT_AFTER_MS = 20_000;
/** Between two heartbeats of this process there was more than being busy. */
const GAP_MS = 3 * BEAT_EVERY_MS;

/** A process that delivers. Its random id is all that identifies it; the rest helps a person to find it. */
export type WorkerIdentity = {
  readonly id: string;
  /** Of the machine's current boot; empty where the system does not tell. */
  readonly bootId: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
};

/** The database has not answered a heartbeat for so long that the next one is tried. */
export class HeartbeatLateError extends Error {
  override readonly name = "HeartbeatLateError";

  constructor() {
    super(`the database did not answer a heartbeat within ${VALID_FOR_MS} ms`);
  }
}

type RegistryDeps = {
  readonly db: Database;
  readonly worker: WorkerIdentity;
  readonly now: () => number;
  /** Milliseconds that only go forward, whatever is done to the clock. */
  readonly monotonicNow: () => number;
  readonly health: Pick<EngineHealth, "succeeded" | "failed">;
};

/** The processes that deliver from one database, and which of them works which connection. */
export class WorkerRegistry {
  readonly #deps: RegistryDeps;
  readonly #startedAt: number;
  #alive: readonly string[];
  #lastBeatAt: number | null = null;
  /** Null before the first heartbeat: nobody knows this process yet, so nobody can take it for gone. */
  #validUntil: number | null = null;
  #judgesFrom = 0;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#startedAt = deps.now();
    this.#alive = [deps.worker.id];
  }

  /** Renews this process's heartbeat, and reads who else is there. Returns whether the others changed. */
  async beat(): Promise<boolean> {
    const { health } = this.#deps;
    try {
      const isChanged = await withinDeadline(this.#beat());
      health.succeeded("heartbeat");
      return isChanged;
    } catch (error) {
      health.failed("heartbeat");
      throw error;
    }
  }

  async #beat(): Promise<boolean> {
    const { db, worker, now, monotonicNow } = this.#deps;
    const beganAt = monotonicNow();
    const time = now();
    await db
      .insertInto("workers")
      .values({
        id: worker.id,
        boot_id: worker.bootId,
        host: worker.host,
        pid: worker.pid,
        version: worker.version,
        started_at: this.#startedAt,
        beat_at: time,
        stopped_at: null,
      })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ beat_at: time }))
      .execute();
    // One that was answered late does not shorten what a later one has brought.
    this.#validUntil = Math.max(this.#validUntil ?? 0, beganAt + VALID_FOR_MS);
    const rows = await db
      .selectFrom("workers")
      .select(["id", "beat_at"])
      .where("stopped_at", "is", null)
      .orderBy("id")
      .execute();
    if (this.#lastBeatAt !== null && Math.abs(time - this.#lastBeatAt) > GAP_MS) {
      this.#judgesFrom = time + SILENT_AFTER_MS;
    }
    this.#lastBeatAt = time;
    const before = new Set(this.#alive);
    const isHeard = (row: { id: string; beat_at: number }) =>
      Math.abs(time - row.beat_at) < SILENT_AFTER_MS || (time < this.#judgesFrom && before.has(row.id));
    this.#alive = rows.filter(isHeard).map(({ id }) => id);
    return this.#alive.length !== before.size || this.#alive.some((id) => !before.has(id));
  }

  /** Says that this process stops in order. The row stays for a day: its time is the latest that is known. */
  async leave(): Promise<void> {
    const { db, worker, now } = this.#deps;
    await db.updateTable("workers").set({ stopped_at: now() }).where("id", "=", worker.id).execute();
  }

  /** Whether this process works a connection: each is worked by one, so that limits and order hold across processes. */
  owns(connectionId: string): boolean {
    return this.#alive.length <= 1 || chooseProcess(this.#alive, connectionId) === this.#deps.worker.id;
  }

  /**
   * Whether requests may be started: the last heartbeat is so recent that no other process takes this one for gone before
   * they end. Measured by the monotonic clock.
   */
  get isValid(): boolean {
    return this.#validUntil === null || this.#deps.monotonicNow() < this.#validUntil;
  }

  get areOthers(): boolean {
    return this.#alive.length > 1;
  }

  /**
   * Whether silence means that a process is gone: not after this process itself was cut off from the database, or its clock was
   * stepped. Then the others get the time to be heard again.
   */
  get canJudge(): boolean {
    return this.#deps.now() >= this.#judgesFrom;
  }

  /** When this process last managed to renew its heartbeat; null before the first time. */
  get lastBeatAt(): number | null {
    return this.#lastBeatAt;
  }
}

/**
 * Gives up waiting, so that a heartbeat whose answer was lost on the way does not keep the next ones from being written: on
 * another connection they may get through.
 */
async function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HeartbeatLateError()), VALID_FOR_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
