import { sql } from "kysely";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { type Position, readSliceEnd, within } from "../db/paging.ts";
import { processTurns } from "../db/turns.ts";
import { nextStepAt, nextStepAtMax, stepRoom } from "../domain/replay.ts";
import { eventOfDelivery } from "../history/event-of-delivery.ts";
import { DELIVERY_WALK, walkDeliveries } from "../history/read-filter.ts";
import { logPending } from "../statistics/log-entry.ts";
import { asOf, chooseDeliveries } from "./choose.ts";
import { completeReplay } from "./complete.ts";
import type { ReplayDeps } from "./deps.ts";
import { countOutstanding, QUEUED_AT_ONCE_MAX } from "./outstanding.ts";
import type { ReplayFilter, ReplayRow } from "./replay-row.ts";

const REPLAYS_A_ROUND_MAX = 100;
/** A replay that can make nothing due now is looked at again after. */
const WAIT_MS = 1000;

type StepDeps = Pick<ReplayDeps, "db" | "dialect" | "noteChange"> & {
  readonly queue: Pick<ReplayDeps["queue"], "wake">;
};

/** Moves every replay on whose next step is due, each in a transaction of its own; one that fails stops no other. */
export async function stepReplays(deps: StepDeps, now: number): Promise<void> {
  const due = await deps.db
    .selectFrom("replays")
    .selectAll()
    .where((eb) => eb.or([eb("next_step_at", "<=", now), eb("next_step_at", ">", nextStepAtMax(now))]))
    .orderBy("next_step_at")
    .limit(REPLAYS_A_ROUND_MAX)
    .execute();
  const failures: unknown[] = [];
  for (const replay of due) {
    await processTurns.next(replay.workspace_id);
    try {
      const stepped = await deps.db.transaction().execute((trx) => step(trx, deps.dialect, replay, now));
      if (stepped.isChanged) deps.noteChange(replay.workspace_id, "replay", [replay.id]);
      if (stepped.queued.length > 0) tell(deps, replay, stepped.queued);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "some replays could not be moved on");
}

type Queued = { readonly id: string; readonly connection_id: string };
type Stepped = { readonly queued: readonly Queued[]; readonly isChanged: boolean };

const NOTHING: Stepped = { queued: [], isChanged: false };

async function step(
  trx: DatabaseTransaction,
  dialect: Dialect,
  seen: ReplayRow,
  now: number,
): Promise<Stepped> {
  const dueAt = seen.next_step_at ?? now;
  // First of all, so that of several processes one goes on and the others find that it has.
  const replay = await trx
    .updateTable("replays")
    .set({ next_step_at: now + WAIT_MS })
    .where("id", "=", seen.id)
    .where("next_step_at", "=", dueAt)
    .returningAll()
    .executeTakeFirst();
  if (replay === undefined) return NOTHING;
  if (replay.has_queued_all === 1) {
    return { ...NOTHING, isChanged: await completeReplay(trx, replay.id, now) };
  }
  const room = Math.min(
    stepRoom(replay.rate_per_second, dueAt, now),
    QUEUED_AT_ONCE_MAX - (await countOutstanding(trx, replay.id)),
  );
  if (room <= 0) return NOTHING;
  return queueMore(trx, dialect, replay, { dueAt, room }, now);
}

async function queueMore(
  trx: DatabaseTransaction,
  dialect: Dialect,
  replay: ReplayRow,
  { dueAt, room }: { readonly dueAt: number; readonly room: number },
  now: number,
): Promise<Stepped> {
  const found = await findNext(trx, dialect, replay, room);
  const queued = await makeDue(trx, replay, found.ids, now);
  await trx
    .updateTable("replays")
    .set({
      queued: sql`queued + ${queued.length}`,
      skipped: sql`skipped + ${found.skipped}`,
      position_created_at: found.position?.createdAt ?? replay.position_created_at,
      position_id: found.position?.id ?? replay.position_id,
      has_queued_all: found.position === null ? 1 : 0,
      next_step_at: nextStepAt({ ratePerSecond: replay.rate_per_second, dueAt, taken: queued.length }, now),
      updated_at: now,
    })
    .where("id", "=", replay.id)
    .execute();
  if (found.position === null) await completeReplay(trx, replay.id, now);
  return { queued, isChanged: true };
}

type Found = {
  readonly ids: readonly string[];
  /** Deliveries in between that cannot be sent. */
  readonly skipped: number;
  /** Where the next step goes on; null when all have been gone through. */
  readonly position: Position | null;
};

/**
 * The next deliveries to send, looked for in a bounded slice of those that lie after the replay's position. Holds their
 * events, so that no payload is deleted before it is seen that somebody is owed it.
 */
async function findNext(
  trx: DatabaseTransaction,
  dialect: Dialect,
  replay: ReplayRow,
  room: number,
): Promise<Found> {
  const workspaceId = replay.workspace_id;
  const filter = asOf(JSON.parse(replay.filter) as ReplayFilter, replay.created_at);
  const after = positionOf(replay);
  const sliceEnd = await readSliceEnd(walkDeliveries(trx, workspaceId, filter), after, "asc", DELIVERY_WALK);
  const chosen = chooseDeliveries(trx, workspaceId, filter)
    .innerJoin("events", eventOfDelivery)
    .innerJoin("connections", "connections.id", "deliveries.connection_id");
  const sendable = await within(chosen, { after, until: sliceEnd }, "asc", DELIVERY_WALK)
    .select(["deliveries.id", "deliveries.created_at"])
    .where("connections.status", "!=", "disconnected")
    .where("events.data", "!=", "")
    .orderBy("deliveries.created_at")
    .orderBy("deliveries.id")
    .limit(room)
    .$if(dialect === "postgres", (query) => query.forShare("events"))
    .execute();
  const last = sendable.at(-1);
  const position =
    sendable.length === room && last !== undefined ? { createdAt: last.created_at, id: last.id } : sliceEnd;
  const { skipped } = await within(chosen, { after, until: position }, "asc", DELIVERY_WALK)
    .select((eb) => eb.fn.countAll<number>().as("skipped"))
    .where((eb) => eb.or([eb("connections.status", "=", "disconnected"), eb("events.data", "=", "")]))
    .executeTakeFirstOrThrow();
  return { ids: sendable.map(({ id }) => id), skipped: Number(skipped), position };
}

function positionOf({ position_created_at, position_id }: ReplayRow): Position | null {
  if (position_created_at === null || position_id === null) return null;
  return { createdAt: position_created_at, id: position_id };
}

/** The guard is the status once more: what a person has retried meanwhile is not this replay's. */
async function makeDue(
  trx: DatabaseTransaction,
  replay: ReplayRow,
  ids: readonly string[],
  now: number,
): Promise<Queued[]> {
  if (ids.length === 0) return [];
  const { statuses } = JSON.parse(replay.filter) as ReplayFilter;
  const queued = await trx
    .updateTable("deliveries")
    .set({
      status: "pending",
      trigger_kind: "manual",
      next_attempt_at: now,
      replay_id: replay.id,
      replayed_from: sql`status`,
      updated_at: now,
    })
    .where("id", "in", ids)
    .where("status", "in", statuses)
    .returning(["id", "connection_id"])
    .execute();
  const workspaceId = replay.workspace_id;
  const changes = queued.map((row) => ({ workspaceId, connectionId: row.connection_id, change: 1 }));
  await logPending(trx, changes, now);
  return queued;
}

function tell(deps: StepDeps, replay: ReplayRow, queued: readonly Queued[]): void {
  deps.noteChange(
    replay.workspace_id,
    "delivery",
    queued.map(({ id }) => id),
  );
  deps.queue.wake([...new Set(queued.map(({ connection_id }) => connection_id))]);
}
