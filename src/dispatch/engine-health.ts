import { isDatabaseFault } from "../db/database-error.ts";
import type { ReadHot } from "../db/open.ts";
import type { Transact } from "../db/transactor.ts";

/** The kinds of work in which a healthy process succeeds. */
export const WORK_KINDS = ["heartbeat", "poll", "claim", "record", "accept"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Periodic work, whose next success comes soon. */
const PERIODIC: ReadonlySet<WorkKind> = new Set(["heartbeat", "poll"]);
/** Without traffic, nothing shows that work succeeds again, and an instance removed from its load balancer must recover. */
const FORGOTTEN_AFTER_MS = 10_000;
/** A heartbeat is renewed every two seconds; an older one means that it hangs. */
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
   * Wraps `transact` and records its results. Only database failures count: an error that a caller's data causes says
   * nothing about anyone else's work.
   */
  watch(kind: WorkKind, transact: Transact): Transact {
    return (work, isWritten) => this.#record(kind, transact(work, isWritten));
  }

  /** Wraps `read` and records its results. */
  watchRead(kind: WorkKind, read: ReadHot): ReadHot {
    return (work) => this.#record(kind, read(work));
  }

  async #record<Result>(kind: WorkKind, running: Promise<Result>): Promise<Result> {
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

  /** A missing heartbeat counts as failing too: nothing is delivered yet. */
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
