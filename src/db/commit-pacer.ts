import type { EventLoopUtilization, Performance } from "node:perf_hooks";

/** Commits take at most this part of the time while the process is busy. */
const PART_OF_TIME = 1 / 8;
const GATHER_MAX_MS = 10;
/** The event loop utilization (0 to 1) from which a process counts as busy. */
const BUSY_FROM = 0.85;
/** Shortest interval of the measurement: a few requests in a row fill some milliseconds of a process that is not busy. */
const MEASURED_MS = 100;

/** The time, and for how much of it the process was busy. */
type Measures = Pick<Performance, "now" | "eventLoopUtilization">;

/**
 * A commit costs much the same for one item as for a hundred. A process with time to spare commits immediately; a busy
 * one gathers items for a multiple of the last commit's duration, so that each commit does more.
 */
export class CommitPacer {
  readonly #measures: Measures;
  #last: EventLoopUtilization;
  #measuredAt: number;
  #isBusy = false;
  #nextAt = 0;

  constructor(measures: Measures = performance) {
    this.#measures = measures;
    this.#last = measures.eventLoopUtilization();
    this.#measuredAt = measures.now();
  }

  addCommit(durationMs: number): void {
    this.#measure();
    const gatherMs = this.#isBusy ? Math.min(GATHER_MAX_MS, durationMs * (1 / PART_OF_TIME - 1)) : 0;
    this.#nextAt = this.#measures.now() + gatherMs;
  }

  #measure(): void {
    const now = this.#measures.now();
    if (now - this.#measuredAt < MEASURED_MS) return;
    const current = this.#measures.eventLoopUtilization();
    this.#isBusy = this.#measures.eventLoopUtilization(current, this.#last).utilization >= BUSY_FROM;
    this.#last = current;
    this.#measuredAt = now;
  }

  /**
   * Calls back when the next commit should begin. Everything that has arrived is read before the next immediate runs
   * and shares the commit; a microtask would run, and on SQLite commit, after the first item.
   */
  schedule(commit: () => void): void {
    const waitMs = this.#nextAt - this.#measures.now();
    if (waitMs < 1) setImmediate(commit);
    else setTimeout(commit, waitMs);
  }
}
