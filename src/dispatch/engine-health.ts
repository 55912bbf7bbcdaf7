import { isDatabaseFault } from "../db/database-error.ts";
import type { ReadHot } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";

/** The kinds of work a process must get done to be of use. */
export const WORK_KINDS = ["heartbeat", "poll", "claim", "record", "accept"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Work that comes round by itself, so that its next success is never long in coming. */
const PERIODIC: ReadonlySet<WorkKind> = new Set(["heartbeat", "poll"]);
/** Without traffic nothing shows that work succeeds again. An instance out of its load balancer must come back. */
const FORGOTTEN_AFTER_MS = 10_000;
/** A heartbeat is renewed every two seconds; one that takes longer than this hangs. */
const HEARTBEAT_MAX_AGE_MS = 10_000;

type Latest = { succeededAt: number | null; failedAt: number | null };

/** The latest result of each kind of work in this process, by the monotonic clock. Costs the hot path two assignments. */
export class EngineHealth {
  readonly #monotonicNow: () => number;
  readonly #latest: Record<WorkKind, Latest>;

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
    const none = (): Latest => ({ succeededAt: null, failedAt: null });
    this.#latest = { heartbeat: none(), poll: none(), claim: none(), record: none(), accept: none() };
  }

  succeeded(kind: WorkKind): void {
    const latest = this.#latest[kind];
    latest.succeededAt = this.#monotonicNow();
    latest.failedAt = null;
  }

  failed(kind: WorkKind): void {
    this.#latest[kind].failedAt = this.#monotonicNow();
  }

  /**
   * The same transactions, with their results noted. Only what the database fails in counts: what a caller's data leads to
   * says nothing about the others' work.
   */
  watch(kind: WorkKind, transact: Transact): Transact {
    return (work, isWritten) => this.#note(kind, transact(work, isWritten));
  }

  /** The same reads, with their results noted. */
  watchRead(kind: WorkKind, read: ReadHot): ReadHot {
    return (work) => this.#note(kind, read(work));
  }

  async #note<Result>(kind: WorkKind, running: Promise<Result>): Promise<Result> {
    try {
      const result = await running;
      this.succeeded(kind);
      return result;
    } catch (error) {
      if (isDatabaseFault(error)) this.failed(kind);
      throw error;
    }
  }

  failing(): readonly WorkKind[] {
    return WORK_KINDS.filter((kind) => this.isFailing(kind));
  }

  /** A heartbeat that was never written fails too: nothing is delivered yet. */
  isFailing(kind: WorkKind): boolean {
    const { failedAt, succeededAt } = this.#latest[kind];
    const now = this.#monotonicNow();
    if (kind === "heartbeat" && (succeededAt === null || now - succeededAt > HEARTBEAT_MAX_AGE_MS))
      return true;
    if (failedAt === null) return false;
    if (PERIODIC.has(kind)) return true;
    const heartbeatAt = this.#latest.heartbeat.succeededAt;
    const isWrittenSince = heartbeatAt !== null && heartbeatAt > failedAt;
    return now - failedAt < FORGOTTEN_AFTER_MS || !isWrittenSince;
  }
}
