import type { DatabaseTransaction } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import { OpenSendError } from "../domain/errors.ts";
import { nextReplayStatus, type ReplayVerb } from "../domain/replay.ts";
import type { ReplayDeps } from "./deps.ts";
import { getReplay, replayNotFound } from "./read.ts";
import type { Replay, ReplayRow } from "./replay-row.ts";
import { stopReplay } from "./stop.ts";

/**
 * Stops queueing deliveries until the replay is resumed. Those already queued are sent.
 *
 * @throws {OpenSendError} `not_found`, `replay_state`.
 */
export async function pauseReplay(deps: ReplayDeps, actor: Actor, id: string): Promise<Replay> {
  return change(deps, actor, id, "pause", async (trx, row, now) => {
    const columns = { status: "paused", next_step_at: null } as const;
    return setStatus(deps, trx, actor, row, columns, now);
  });
}

/** @throws {OpenSendError} `not_found`, `replay_state`. */
export async function resumeReplay(deps: ReplayDeps, actor: Actor, id: string): Promise<Replay> {
  return change(deps, actor, id, "resume", async (trx, row, now) => {
    await trx
      .updateTable("replay_connections")
      .set({ failures_in_a_row: 0 })
      .where("replay_id", "=", id)
      .execute();
    const columns = { status: "running", next_step_at: now } as const;
    return setStatus(deps, trx, actor, row, columns, now);
  });
}

/**
 * Ends a replay permanently. Queued deliveries without a recorded attempt return to their previous status.
 *
 * @throws {OpenSendError} `not_found`, `replay_state`.
 */
export async function endReplay(deps: ReplayDeps, actor: Actor, id: string): Promise<Replay> {
  let recalled: readonly string[] = [];
  return change(
    deps,
    actor,
    id,
    "stop",
    async (trx, _row, now) => {
      const withdrawn = await stopReplay(deps, trx, actor, id, now);
      recalled = withdrawn ?? [];
      return withdrawn !== null;
    },
    () => deps.queue.recall(recalled),
  );
}

async function change(
  deps: ReplayDeps,
  actor: Actor,
  id: string,
  verb: ReplayVerb,
  write: (trx: DatabaseTransaction, row: ReplayRow, now: number) => Promise<boolean>,
  afterCommit: () => void = () => undefined,
): Promise<Replay> {
  const now = deps.now();
  await deps.db.transaction().execute(async (trx) => {
    const row = await trx
      .selectFrom("replays")
      .selectAll()
      .where("workspace_id", "=", actor.workspaceId)
      .where("id", "=", id)
      .executeTakeFirst();
    if (row === undefined) throw replayNotFound();
    if (nextReplayStatus(row.status, verb) === null) {
      throw new OpenSendError(
        "replay_state",
        `This replay is ${row.status}; ${verb} does not apply. Read the replay: its status says what can be done.`,
      );
    }
    if (!(await write(trx, row, now))) {
      throw new OpenSendError(
        "replay_state",
        "This replay is being changed by another right now. Read it and try again.",
      );
    }
  });
  afterCommit();
  deps.publishChange(actor.workspaceId, "replay", [id]);
  return getReplay(deps.db, actor.workspaceId, id);
}

async function setStatus(
  deps: ReplayDeps,
  trx: DatabaseTransaction,
  actor: Actor,
  row: ReplayRow,
  columns: Pick<ReplayRow, "status" | "next_step_at"> & Partial<ReplayRow>,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("replays")
    .set({ ...columns, updated_at: now })
    .where("id", "=", row.id)
    .where("status", "=", row.status)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const action = columns.status === "paused" ? "replay.paused" : "replay.resumed";
  const target = { kind: "replay", id: row.id } as const;
  await deps.recordAudit(trx, { actor, action, target, metadata: {} }, now);
  return true;
}
