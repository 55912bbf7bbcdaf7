import { type RawBuilder, sql } from "kysely";
import type { Database, Dialect } from "../db/open.ts";
import { databaseClock } from "../db/read-clock.ts";
import type { EngineHealth } from "./engine-health.ts";
import { Members, type MembersChange, SILENT_AFTER_MS, VALID_FOR_MS, type WorkerRow } from "./members.ts";

/** How often a worker renews its heartbeat. */
export const HEARTBEAT_EVERY_MS = 2000;
/** Between two heartbeats of this process there was more than being busy. */
const GAP_MS = 3 * HEARTBEAT_EVERY_MS;
/** Members that come and go one after another; the next heartbeat goes on. */
const ROUNDS_MAX = 5;

/** A process that delivers. Its random id is all that identifies it; the rest helps a person to find it. */
export type WorkerIdentity = {
  readonly id: string;
  /** Processes with the same one see each other's process ids; empty where the system does not tell. */
  readonly pidScope: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
};

/** The database has not answered a heartbeat for so long that the next one is tried. */
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
  /** Milliseconds that only go forward, whatever is done to the clock. */
  readonly monotonicNow: () => number;
  /** Whether a process of the same PID scope is still there. */
  readonly isRunning: (pid: number) => boolean;
  readonly health: Pick<EngineHealth, "succeeded" | "failed">;
};

/** The part of this process that has queues in its hands. */
type QueueHolder = {
  /** Connections of other processes that this one still has something under way of. */
  readonly foreign: () => readonly string[];
  /** Called before others can read of the change: from then on nothing of what is others' may be started. */
  readonly onMembers: (change: MembersChange) => void;
  /** Others could take this process for gone for so many milliseconds. */
  readonly onLapse: (forMs: number) => void;
};

/**
 * The processes that deliver from one database, and which of them works which connection. Each writes the members it goes by
 * before it acts by them, then reads what the others go by: of two that each take a connection for their own, the one that
 * wrote later sees the other, and waits.
 */
export class WorkerRegistry {
  readonly #deps: RegistryDeps;
  readonly #startedAt: number;
  #holder: QueueHolder = { foreign: () => [], onMembers: () => undefined, onLapse: () => undefined };
  readonly #members: Members;
  /** Whether the members this process goes by stand in the database, and the others were read after that. */
  #isPublished = true;
  #hasRead = false;
  #beats = 0;
  #lastHeartbeatAt: number | null = null;
  #lastHeartbeatMonotonic: number | null = null;
  /** Null before the first heartbeat: no one knows this process yet, so no one can take it for gone. */
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

  /** Anyone who has the queues in hand; to be called before the first heartbeat. */
  serve(holder: QueueHolder): void {
    this.#holder = holder;
  }

  /** Renews this process's heartbeat, and reads who else is there. */
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
    const number = ++this.#beats;
    for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
      const beganAt = this.#deps.monotonicNow();
      await this.#write();
      const rows = await this.#read();
      // It was given up, and another has begun: what it has read is old.
      if (number !== this.#beats) return;
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
      holding: JSON.stringify(this.#holder.foreign()),
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
    if (this.#lastHeartbeatMonotonic !== null && monotonicNow() - this.#lastHeartbeatMonotonic > GAP_MS) {
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

  /** Whether the system itself knows that a process has ended. Of another machine or namespace it knows nothing. */
  #hasEnded({ boot_id: pidScope, host, pid }: WorkerRow): boolean {
    const { worker, isRunning } = this.#deps;
    return pidScope !== "" && pidScope === worker.pidScope && host === worker.host && !isRunning(pid);
  }

  /** Returns whether the members are those that stand in the database. */
  #judge(rows: readonly WorkerRow[], beganAt: number): boolean {
    const mine = rows.find(({ id }) => id === this.#deps.worker.id);
    this.#clockAheadMs = mine === undefined ? 0 : (this.#lastHeartbeatAt ?? 0) - mine.heard_at;
    const isFirst = !this.#hasRead;
    this.#hasRead = true;
    const change = this.#members.read(rows, beganAt);
    if (change !== null) this.#holder.onMembers(change);
    return change === null && !isFirst;
  }

  #renew(validUntil: number): void {
    const before = this.#validUntil;
    const lapsedMs = before === null ? 0 : this.#deps.monotonicNow() - before;
    // Before anything may be started again.
    if (lapsedMs > 0) this.#holder.onLapse(lapsedMs);
    // One that was answered late does not shorten what a later one has brought.
    this.#validUntil = Math.max(before ?? 0, validUntil);
  }

  /** Says that this process stops in order. The row stays for a day: its time is the latest that is known. */
  async leave(): Promise<void> {
    const { store, worker, now } = this.#deps;
    await store.db.updateTable("workers").set({ stopped_at: now() }).where("id", "=", worker.id).execute();
  }

  /** Whether a connection is this process's. */
  owns(connectionId: string): boolean {
    return this.#members.own(connectionId);
  }

  /** Whether its queue may be read: it is this process's, and no other takes it for its own or has some of it. */
  mayWork(connectionId: string): boolean {
    if (!this.#isPublished || !this.isValid || !this.owns(connectionId)) return false;
    return !this.#members.mayBeWorkedElsewhere(connectionId);
  }

  /**
   * How long a connection with this timeout must be left alone yet, in milliseconds: a process that became silent may still
   * have requests of it under way.
   */
  othersEndInMs(connectionId: string, timeoutMs: number): number {
    const until = this.#members.mayBeSentElsewhereUntil(connectionId, timeoutMs);
    return Math.max(0, until - this.#deps.monotonicNow());
  }

  /**
   * Whether requests may be started: the last heartbeat is so recent that no other process takes this one for gone before
   * they end. Measured by the monotonic clock.
   */
  get isValid(): boolean {
    return this.#validUntil === null || this.#deps.monotonicNow() < this.#validUntil;
  }

  /** Whether connections are changing hands: then it is worth looking again soon. */
  get isSettling(): boolean {
    return !this.#isPublished || this.#holder.foreign().length > 0 || this.#members.isSettling;
  }

  /** How many other processes share the connections, by what was last read. */
  get others(): number {
    return this.#members.ids.length - 1;
  }

  /** How far the clock of this machine is ahead of the database's, in milliseconds; behind it when negative. */
  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  /** When this process last managed to renew its heartbeat; null before the first time. */
  get lastHeartbeatAt(): number | null {
    return this.#lastHeartbeatAt;
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

/** On the embedded database: those who are listed are gone. Returns whether one of them ended without a word. */
export async function forgetWorkers(db: Database): Promise<boolean> {
  const rows = await db
    .deleteFrom("workers")
    .returning(sql<number>`stopped_at is null`.as("is_unclean"))
    .execute();
  return rows.some(({ is_unclean: isUnclean }) => Boolean(isUnclean));
}
