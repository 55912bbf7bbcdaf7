import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import type { KeptDays } from "../domain/kept-days.ts";
import { type Chore, type ChoreName, type Place, START } from "./chore.ts";
import { createCuts } from "./cut.ts";
import { deleteEvents } from "./delete-events.ts";
import {
  type DeleteExpired,
  deleteExpired,
  deleteHours,
  deleteInspected,
  deleteSilentWorkers,
  type ForgetInspected,
} from "./delete-leftovers.ts";
import { deleteKeptPayloads, deletePayloads } from "./delete-payloads.ts";
import { keepFileInShape } from "./keep-file-in-shape.ts";

export type Retention = {
  /** Takes the next small step of a pass, or the first of a new one. Returns whether the pass goes on. */
  readonly step: (now: number) => Promise<boolean>;
  /** Makes a pass soon, and one an hour from then on. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** When this process last came to the end of a pass; null before the first time. */
  readonly lastPassAt: () => number | null;
};

export type RetentionDeps = {
  readonly store: Pick<Store, "dialect" | "transact" | "upkeep">;
  /** The instance's days, which a workspace may make shorter for itself. */
  readonly limits: KeptDays;
  readonly now: () => number;
  readonly forgetIdempotencyKeys: DeleteExpired;
  readonly forgetThrottles: DeleteExpired;
  readonly forgetSessions: DeleteExpired;
  readonly forgetInvitations: DeleteExpired;
  readonly forgetInspected: ForgetInspected;
  /** Told after a pass that deleted something. */
  readonly onPass: (deleted: Readonly<Partial<Record<ChoreName, number>>>) => void;
  readonly onError: (error: unknown) => void;
};

const PASS_EVERY_MS = 60 * 60 * 1000;
/** A start is busy enough; yet a server that is restarted often must come to it too. */
const FIRST_PASS_AFTER_MS = 60_000;

/** Any number that only retention uses (PostgreSQL, `pg_try_advisory_xact_lock`). */
const RETENTION_LOCK = 3_015_002;

const ROWS_FIRST = 50;
const ROWS_MIN = 10;
const ROWS_MAX = 500;
/** How long a step may take: the embedded database holds everybody up meanwhile, a server does not. */
const STEP_BUDGET_MS = { sqlite: 5, postgres: 100 } as const;
/** How long others have their turn after a step, in times of what it took. */
const REST_FACTOR = 4;

type Pass = {
  /** Those not done yet; the first of them is under way. */
  readonly chores: Chore[];
  place: Place;
  rows: number;
  readonly deleted: Partial<Record<ChoreName, number>>;
};

/**
 * Deletes what has had its time, in steps so small that deliveries go on meanwhile. Every step is a transaction that
 * leaves things right, so a pass may end anywhere. Of several processes one at a time takes steps.
 */
export function createRetention(deps: RetentionDeps): Retention {
  const timers: NodeJS.Timeout[] = [];
  let pass: Pass | null = null;
  let running: Promise<void> | null = null;
  let isStopping = false;
  let lastPassAt: number | null = null;

  const step = async (now: number): Promise<boolean> => {
    const current = pass ?? { chores: listChores(deps, now), place: START, rows: ROWS_FIRST, deleted: {} };
    // Should this step fail, the next one begins a new pass.
    pass = null;
    if (await takeStep(deps.store, current)) {
      pass = current;
      return true;
    }
    // Another process may have been at it: then there are some left.
    if (current.chores.length === 0) lastPassAt = deps.now();
    if (Object.keys(current.deleted).length > 0) deps.onPass(current.deleted);
    return false;
  };

  const runPass = async (): Promise<void> => {
    const now = deps.now();
    for (let goesOn = true; goesOn && !isStopping; ) {
      const startedAt = performance.now();
      goesOn = await step(now);
      await wait((performance.now() - startedAt) * REST_FACTOR);
    }
  };

  const begin = () => {
    running ??= runPass()
      .catch(deps.onError)
      .finally(() => {
        running = null;
      });
  };

  return {
    step,
    start: () => {
      timers.push(setTimeout(begin, FIRST_PASS_AFTER_MS), setInterval(begin, PASS_EVERY_MS));
      for (const timer of timers) timer.unref();
    },
    stop: async () => {
      isStopping = true;
      for (const timer of timers) clearTimeout(timer);
      await running;
    },
    lastPassAt: () => lastPassAt,
  };
}

/** Returns whether the pass goes on. */
async function takeStep({ dialect, transact }: RetentionDeps["store"], pass: Pass): Promise<boolean> {
  const [chore] = pass.chores;
  if (chore === undefined) return false;
  const progress = await transact(async (trx) => {
    const startedAt = performance.now();
    if (dialect === "postgres" && !(await isOurTurn(trx))) return null;
    const { next, deleted } = await chore.step(trx, pass.place, pass.rows);
    return { next, deleted, tookMs: performance.now() - startedAt };
  });
  if (progress === null) return false;
  const { next, deleted, tookMs } = progress;
  if (deleted > 0) pass.deleted[chore.name] = (pass.deleted[chore.name] ?? 0) + deleted;
  pass.place = next ?? START;
  pass.rows = next === null ? ROWS_FIRST : nextRows(pass.rows, tookMs, STEP_BUDGET_MS[dialect]);
  if (next === null) pass.chores.shift();
  return pass.chores.length > 0;
}

function listChores(deps: RetentionDeps, now: number): Chore[] {
  const { limits, store } = deps;
  const { payloads, statuses } = createCuts(limits, now);
  return [
    deletePayloads(store, payloads),
    deleteKeptPayloads(store, payloads),
    deleteInspected(payloads, deps.forgetInspected),
    deleteEvents(store, statuses),
    deleteHours(statuses),
    deleteExpired("idempotency keys", now, deps.forgetIdempotencyKeys),
    deleteExpired("sign-in throttles", now, deps.forgetThrottles),
    deleteExpired("sessions", now, deps.forgetSessions),
    deleteExpired("invitations", now, deps.forgetInvitations),
    deleteSilentWorkers(now),
    ...(store.upkeep === null ? [] : keepFileInShape(store.upkeep)),
  ];
}

/** Held until the end of the step's transaction. */
async function isOurTurn(trx: DatabaseTransaction): Promise<boolean> {
  const { rows } = await sql<{
    ours: boolean;
  }>`select pg_try_advisory_xact_lock(${RETENTION_LOCK}) as ours`.execute(trx);
  return rows[0]?.ours === true;
}

/** Events differ in what hangs on them, so the next step is made larger or smaller by how long this one took. */
function nextRows(rows: number, tookMs: number, budgetMs: number): number {
  if (tookMs > budgetMs) return Math.max(ROWS_MIN, Math.floor(rows / 2));
  if (tookMs < budgetMs / 2) return Math.min(ROWS_MAX, rows * 2);
  return rows;
}
