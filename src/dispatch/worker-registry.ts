import { type RawBuilder, sql } from "kysely";
import type { Database, Dialect } from "../db/open.ts";
import { databaseClock } from "../db/read-clock.ts";
import type { EngineHealth } from "./engine-health.ts";
import { Members, type MembersChange, SILENT_AFTER_MS, VALID_FOR_MS, type WorkerRow } from "./members.ts";

/** How often a worker renews its heartbeat. */
export const HEARTBEAT_EVERY_MS = 2000;
/** A longer gap between heartbeats means that this process was stopped, not just busy. */
const STOPPED_AFTER_MS = 3 * HEARTBEAT_EVERY_MS;
/** Limit for members that join and leave one after another; the next heartbeat continues. */
const READS_MAX = 5;

/** A process that delivers. Only its random id identifies it; the other fields help a person to find it. */
export type WorkerIdentity = {
  readonly id: string;
  /** Processes with the same scope see each other's process ids; empty where the system does not say. */
  readonly pidScope: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
};

/** The database has not accepted a heartbeat within its validity, so the next one is tried. */
export class HeartbeatLateError extends Error {
  override readonly name = "HeartbeatLateError";

  constructor() {
    super(`the database did not accept a heartbeat within ${VALID_FOR_MS} ms`);
  }
}

type RegistryDeps = {
  readonly store: { readonly db: Database; readonly dialect: Dialect };
  readonly worker: WorkerIdentity;
  readonly now: () => number;
  /** Monotonic milliseconds, unaffected by changes of the clock. */
  readonly monotonicNow: () => number;
  /** Whether a process of the same PID scope still runs. */
  readonly isRunning: (pid: number) => boolean;
  readonly health: Pick<EngineHealth, "succeeded" | "failed">;
};

/** The part of this process that works queues. */
type QueueWorker = {
  /** Connections of other processes of which this one still has deliveries in flight. */
  readonly foreign: () => readonly string[];
  /** Called before other processes can read of the change: from then on, nothing of their connections can be started. */
  readonly onMembers: (change: MembersChange) => void;
  /** Called with how long others could consider this process gone, in milliseconds. */
  readonly onLapse: (forMs: number) => void;
};

/**
 * The processes that deliver from one database, and which of them owns which connection. Each publishes its list of
 * members before it acts on it, then reads the lists of the others: if two claim the same connection, the one that
 * wrote later sees the other, and waits.
 */
export class WorkerRegistry {
  readonly #deps: RegistryDeps;
  readonly #startedAt: number;
  #queueWorker: QueueWorker = { foreign: () => [], onMembers: () => undefined, onLapse: () => undefined };
  readonly #members: Members;
  /** Whether this process's members are in the database, and the others were read after that. */
  #isPublished = true;
  #hasRead = false;
  #heartbeats = 0;
  #lastHeartbeatAt: number | null = null;
  #lastHeartbeatMonotonic: number | null = null;
  /** Null before the first heartbeat: no one knows this process yet, so no one can consider it gone. */
  #validUntil: number | null = null;
  #clockAheadMs = 0;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
    this.#startedAt = deps.now();
    this.#members = new Members(deps.worker.id, (row) => this.#hasEnded(row));
  }

  get #clock(): RawBuilder<number> {
    return databaseClock(this.#deps.store.dialect, this.#deps.now);
  }

  /** Registers the part that works queues; call it before the first heartbeat. */
  serve(queueWorker: QueueWorker): void {
    this.#queueWorker = queueWorker;
  }

  /** Renews this process's heartbeat, and reads the other workers. */
  async heartbeat(): Promise<void> {
    const { health } = this.#deps;
    try {
      await withinDeadline(this.#heartbeat());
      health.succeeded("heartbeat");
    } catch (error) {
      health.failed("heartbeat");
      throw error;
    }
  }

  async #heartbeat(): Promise<void> {
    const number = ++this.#heartbeats;
    for (let reads = 0; reads < READS_MAX; reads++) {
      const beganAt = this.#deps.monotonicNow();
      await this.#write();
      const rows = await this.#read();
      // This heartbeat was given up and another has begun, so its read is outdated.
      if (number !== this.#heartbeats) return;
      const isStable = this.#judge(rows, beganAt);
      this.#isPublished = isStable;
      if (!isStable) continue;
      this.#renew(beganAt + VALID_FOR_MS);
      return;
    }
  }

  async #write(): Promise<void> {
    const { store, worker, now } = this.#deps;
    const time = now();
    const renewed = {
      beat_at: time,
      heard_at: this.#clock,
      members: JSON.stringify(this.#hasRead ? this.#members.ids : []),
      holding: JSON.stringify(this.#queueWorker.foreign()),
    };
    const { id, pidScope, host, pid, version } = worker;
    await store.db
      .insertInto("workers")
      .values({
        id,
        boot_id: pidScope,
        host,
        pid,
        version,
        started_at: this.#startedAt,
        stopped_at: null,
        ...renewed,
      })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(renewed))
      .execute();
    const { monotonicNow } = this.#deps;
    if (
      this.#lastHeartbeatMonotonic !== null &&
      monotonicNow() - this.#lastHeartbeatMonotonic > STOPPED_AFTER_MS
    ) {
      this.#members.grantGrace(monotonicNow() + SILENT_AFTER_MS);
    }
    this.#lastHeartbeatMonotonic = monotonicNow();
    this.#lastHeartbeatAt = time;
  }

  async #read(): Promise<readonly WorkerRow[]> {
    const { db } = this.#deps.store;
    return db
      .selectFrom("workers")
      .select(["id", "boot_id", "host", "pid", "heard_at", "members", "holding"])
      .select(this.#clock.as("read_at"))
      .where("stopped_at", "is", null)
      .execute();
  }

  /** Whether the operating system knows that a process has ended; false for another machine or namespace. */
  #hasEnded({ boot_id: pidScope, host, pid }: WorkerRow): boolean {
    const { worker, isRunning } = this.#deps;
    return pidScope !== "" && pidScope === worker.pidScope && host === worker.host && !isRunning(pid);
  }

  /** Returns whether the members are those in the database. */
  #judge(rows: readonly WorkerRow[], beganAt: number): boolean {
    const own = rows.find(({ id }) => id === this.#deps.worker.id);
    this.#clockAheadMs = own === undefined ? 0 : (this.#lastHeartbeatAt ?? 0) - own.heard_at;
    const isFirst = !this.#hasRead;
    this.#hasRead = true;
    const change = this.#members.read(rows, beganAt);
    if (change !== null) this.#queueWorker.onMembers(change);
    return change === null && !isFirst;
  }

  #renew(validUntil: number): void {
    const before = this.#validUntil;
    const lapsedMs = before === null ? 0 : this.#deps.monotonicNow() - before;
    // Called before anything can be started again.
    if (lapsedMs > 0) this.#queueWorker.onLapse(lapsedMs);
    // A heartbeat with a late response does not shorten the validity from a later one.
    this.#validUntil = Math.max(before ?? 0, validUntil);
  }

  /** Records a regular shutdown. The row stays for a day, because its time is the latest known. */
  async deregister(): Promise<void> {
    const { store, worker, now } = this.#deps;
    await store.db.updateTable("workers").set({ stopped_at: now() }).where("id", "=", worker.id).execute();
  }

  /** Whether this process owns a connection. */
  owns(connectionId: string): boolean {
    return this.#members.own(connectionId);
  }

  /**
   * Whether this process can read a queue: it owns the connection, and no other claims it or has deliveries of it in
   * flight.
   */
  mayWork(connectionId: string): boolean {
    if (!this.#isPublished || !this.isValid || !this.owns(connectionId)) return false;
    return !this.#members.mayBeWorkedElsewhere(connectionId);
  }

  /**
   * How much longer a connection with this timeout must be left alone, in milliseconds: a process that became silent
   * may still have requests in flight.
   */
  othersEndInMs(connectionId: string, timeoutMs: number): number {
    const until = this.#members.mayBeSentElsewhereUntil(connectionId, timeoutMs);
    return Math.max(0, until - this.#deps.monotonicNow());
  }

  /**
   * Whether requests can be started: the last heartbeat is recent enough that no other process considers this one gone
   * before they end. Measured by the monotonic clock.
   */
  get isValid(): boolean {
    return this.#validUntil === null || this.#deps.monotonicNow() < this.#validUntil;
  }

  /** Whether connections are changing owners, so that the next heartbeat should come soon. */
  get isSettling(): boolean {
    return !this.#isPublished || this.#queueWorker.foreign().length > 0 || this.#members.isSettling;
  }

  /** How many other processes share the connections, according to the last read. */
  get others(): number {
    return this.#members.ids.length - 1;
  }

  /** How far the clock of this machine is ahead of the database's, in milliseconds; negative when it is behind. */
  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  /** When this process last renewed its heartbeat; null before the first time. */
  get lastHeartbeatAt(): number | null {
    return this.#lastHeartbeatAt;
  }
}

/**
 * Stops waiting, so that a heartbeat whose response was lost does not block the next ones, which may succeed on another
 * connection.
 */
async function withinDeadline<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HeartbeatLateError()), VALID_FOR_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Deletes all workers: on the embedded database, those that are listed have ended. Returns whether one of them crashed. */
export async function forgetWorkers(db: Database): Promise<boolean> {
  const rows = await db
    .deleteFrom("workers")
    .returning(sql<number>`stopped_at is null`.as("is_unclean"))
    .execute();
  return rows.some(({ is_unclean: isUnclean }) => Boolean(isUnclean));
}
