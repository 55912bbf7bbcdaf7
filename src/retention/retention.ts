import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { type Chore, type ChoreName, type Cursor, START } from "./chore.ts";

type RetentionDeps = {
  readonly store: Pick<Store, "dialect" | "transact">;
  /** The work of a cleanup that begins at this time, in order. */
  readonly listChores: (now: number) => readonly Chore[];
  readonly now: () => number;
  /** Called after a cleanup that deleted something. */
  readonly onRun: (deleted: Deleted) => void;
  readonly onError: (error: unknown) => void;
};

type Deleted = Readonly<Partial<Record<ChoreName, number>>>;

const RUN_EVERY_MS = 60 * 60 * 1000;
/** Late enough not to slow down the start, early enough for a server that is restarted often. */
const FIRST_RUN_AFTER_MS = 60_000;

/** An arbitrary number that only retention uses (PostgreSQL, `pg_try_advisory_xact_lock`). */
const RETENTION_LOCK = 3_015_002;

const ROWS_FIRST = 50;
const ROWS_MIN = 10;
const ROWS_MAX = 500;
/** Time limit of a step: the embedded database blocks everyone meanwhile, a server does not. */
const STEP_BUDGET_MS = { sqlite: 5, postgres: 100 } as const;
/** The pause after a step, as a multiple of the step's duration. */
const PAUSE_FACTOR = 4;

type Run = {
  /** The remaining work; the first of it is in progress. */
  readonly chores: Chore[];
  cursor: Cursor;
  rows: number;
  readonly deleted: Partial<Record<ChoreName, number>>;
};

/**
 * Deletes expired data, in steps small enough for deliveries to continue. Every step is a transaction that leaves
 * consistent data, so a cleanup can end anywhere. Only one process at a time takes steps.
 */
export class Retention {
  readonly #deps: RetentionDeps;
  readonly #timers: NodeJS.Timeout[] = [];
  #run: Run | null = null;
  #running: Promise<void> | null = null;
  #isStopping = false;
  #lastRunAt: number | null = null;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
  }

  /** When this process last completed a cleanup; null before the first time. */
  get lastRunAt(): number | null {
    return this.#lastRunAt;
  }

  /** Begins a cleanup soon, and then one per hour. */
  start(): void {
    const begin = () => this.#begin();
    this.#timers.push(setTimeout(begin, FIRST_RUN_AFTER_MS), setInterval(begin, RUN_EVERY_MS));
    for (const timer of this.#timers) timer.unref();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#running;
  }

  /** Takes the next small step of a cleanup, or the first of a new one. Returns whether the cleanup continues. */
  async step(now: number): Promise<boolean> {
    const { store, listChores, onRun } = this.#deps;
    const run = this.#run ?? { chores: [...listChores(now)], cursor: START, rows: ROWS_FIRST, deleted: {} };
    // If this step fails, the next one begins a new cleanup.
    this.#run = null;
    if (await takeStep(store, run)) {
      this.#run = run;
      return true;
    }
    // Work remains if another process was taking a step.
    if (run.chores.length === 0) this.#lastRunAt = this.#deps.now();
    if (Object.keys(run.deleted).length > 0) onRun(run.deleted);
    return false;
  }

  #begin(): void {
    this.#running ??= this.#runToEnd()
      .catch(this.#deps.onError)
      .finally(() => {
        this.#running = null;
      });
  }

  async #runToEnd(): Promise<void> {
    const now = this.#deps.now();
    for (let goesOn = true; goesOn && !this.#isStopping; ) {
      const startedAt = performance.now();
      goesOn = await this.step(now);
      await wait((performance.now() - startedAt) * PAUSE_FACTOR);
    }
  }
}

/** Returns whether the cleanup continues. */
async function takeStep({ dialect, transact }: RetentionDeps["store"], run: Run): Promise<boolean> {
  const [chore] = run.chores;
  if (chore === undefined) return false;
  const progress = await transact(async (trx) => {
    const startedAt = performance.now();
    if (dialect === "postgres" && !(await tryLock(trx))) return null;
    const { next, deleted } = await chore.step(trx, run.cursor, run.rows);
    return { next, deleted, durationMs: performance.now() - startedAt };
  });
  if (progress === null) return false;
  const { next, deleted, durationMs } = progress;
  if (deleted > 0) run.deleted[chore.name] = (run.deleted[chore.name] ?? 0) + deleted;
  run.cursor = next ?? START;
  run.rows = next === null ? ROWS_FIRST : nextRows(run.rows, durationMs, STEP_BUDGET_MS[dialect]);
  if (next === null) run.chores.shift();
  return run.chores.length > 0;
}

/** Keeps the lock until the end of the step's transaction. */
async function tryLock(trx: DatabaseTransaction): Promise<boolean> {
  const { rows } = await sql<{
    locked: boolean;
  }>`select pg_try_advisory_xact_lock(${RETENTION_LOCK}) as locked`.execute(trx);
  return rows[0]?.locked === true;
}

/** Events differ in how many rows belong to them, so the duration of this step sets the size of the next. */
function nextRows(rows: number, durationMs: number, budgetMs: number): number {
  if (durationMs > budgetMs) return Math.max(ROWS_MIN, Math.floor(rows / 2));
  if (durationMs < budgetMs / 2) return Math.min(ROWS_MAX, rows * 2);
  return rows;
}
