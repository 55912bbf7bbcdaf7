import type { DatabaseTransaction } from "../db/open.ts";
import { processTurns } from "../db/turns.ts";
import { nextStepAt, nextStepAtMax, stepCapacity } from "../domain/replay.ts";
import { completeReplay } from "./complete.ts";
import type { ReplayDeps } from "./deps.ts";
import { QUEUED_MAX } from "./outstanding.ts";
import type { ReplayRow } from "./replay-row.ts";
import { type Queued, ReplayStep } from "./replay-step.ts";

const REPLAYS_PER_RUN_MAX = 100;
/** Delay before the next step of a replay that cannot queue anything now. */
const WAIT_MS = 1000;
/** The same while receivers accept nothing: a delay of seconds goes unnoticed. */
const WAIT_FOR_RECEIVER_MS = 5000;

type StepDeps = Pick<ReplayDeps, "db" | "dialect" | "recordAudit" | "publishChange"> & {
  readonly queue: Pick<ReplayDeps["queue"], "wake" | "recall">;
};

/** Advances every replay whose next step is due, each in its own transaction; a failing one does not stop the others. */
export async function stepReplays(deps: StepDeps, now: number): Promise<void> {
  const due = await deps.db
    .selectFrom("replays")
    .selectAll()
    .where((eb) => eb.or([eb("next_step_at", "<=", now), eb("next_step_at", ">", nextStepAtMax(now))]))
    .orderBy("next_step_at")
    .limit(REPLAYS_PER_RUN_MAX)
    .execute();
  const failures: unknown[] = [];
  for (const replay of due) {
    await processTurns.next(replay.workspace_id);
    try {
      const stepped = await deps.db.transaction().execute((trx) => step(trx, deps, replay, now));
      announce(deps, replay, stepped);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "some replays could not be moved on");
}

type Stepped = {
  readonly queued: readonly Queued[];
  /** Connections of deliveries that were withdrawn. */
  readonly recalled: readonly string[];
  readonly isChanged: boolean;
};

const NOTHING: Stepped = { queued: [], recalled: [], isChanged: false };

async function step(
  trx: DatabaseTransaction,
  deps: StepDeps,
  seen: ReplayRow,
  now: number,
): Promise<Stepped> {
  const dueAt = seen.next_step_at ?? now;
  // Claimed first, so that only one of several processes continues and the others see this.
  const replay = await trx
    .updateTable("replays")
    .set({ next_step_at: now + WAIT_MS })
    .where("id", "=", seen.id)
    .where("next_step_at", "=", dueAt)
    .returningAll()
    .executeTakeFirst();
  if (replay === undefined) return NOTHING;
  const stepping = await ReplayStep.begin(trx, deps.dialect, replay, now);
  const recalled = await stepping.withdrawFromTroubled();
  const capacity = Math.min(
    stepCapacity(replay.rate_per_second, dueAt, now),
    QUEUED_MAX - stepping.outstandingCount,
  );
  const queued = capacity > 0 ? await stepping.queueMore(capacity) : [];
  const isWaiting = stepping.isWaiting;
  const hasProgress = queued.length + recalled.length > 0 || stepping.hasMoved;
  const isChanged = hasProgress || isWaiting !== (replay.is_waiting === 1);
  const waitMs = isWaiting ? WAIT_FOR_RECEIVER_MS : WAIT_MS;
  const nextAt = nextStepAt({ ratePerSecond: replay.rate_per_second, dueAt, taken: queued.length }, now);
  await trx
    .updateTable("replays")
    .set({
      ...stepping.progress,
      is_waiting: isWaiting ? 1 : 0,
      next_step_at: queued.length === 0 && !stepping.hasMoved ? now + waitMs : nextAt,
      ...(isChanged ? { updated_at: now } : {}),
    })
    .where("id", "=", replay.id)
    .execute();
  const hasEnded = stepping.hasQueuedAll && (await completeReplay(deps, trx, replay, now));
  return { queued, recalled, isChanged: isChanged || hasEnded };
}

function announce(deps: StepDeps, replay: ReplayRow, { queued, recalled, isChanged }: Stepped): void {
  if (isChanged) deps.publishChange(replay.workspace_id, "replay", [replay.id]);
  if (recalled.length > 0) deps.queue.recall(recalled);
  if (queued.length === 0) return;
  deps.publishChange(
    replay.workspace_id,
    "delivery",
    queued.map(({ id }) => id),
  );
  deps.queue.wake([...new Set(queued.map(({ connection_id }) => connection_id))]);
}
