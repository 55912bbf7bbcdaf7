import { sql } from "kysely";
import type { DatabaseTransaction } from "../db/open.ts";
import { systemActor } from "../domain/actor.ts";
import { failuresAfter, type NotedReplays } from "../domain/replay.ts";
import { completeReplay } from "./complete.ts";
import type { ReplayDeps } from "./deps.ts";
import type { ReplayRow } from "./replay-row.ts";
import { stopReplay } from "./stop.ts";

/** A finished attempt of a delivery that a replay has made due, in the order in which they finished. */
export type ReplayedAttempt = {
  readonly replayId: string;
  readonly deliveryId: string;
  readonly ok: boolean;
};

/**
 * Counts attempts at replayed deliveries, stops a replay whose receiver is not mended and ends one that is through.
 * Part of the transaction that records the attempts.
 */
export async function noteReplayedAttempts(
  deps: Pick<ReplayDeps, "recordAudit">,
  trx: DatabaseTransaction,
  attempts: readonly ReplayedAttempt[],
  now: number,
): Promise<NotedReplays> {
  const byReplay = Map.groupBy(attempts, ({ replayId }) => replayId);
  const changed: string[] = [];
  const recalled: string[] = [];
  // In one order everywhere, so that two processes never wait for each other in a circle.
  for (const [replayId, own] of [...byReplay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const released = await release(trx, replayId, own);
    const counted = own.filter(({ deliveryId }) => released.has(deliveryId));
    if (counted.length === 0) continue;
    const replay = await addCounts(trx, replayId, counted, now);
    if (replay === undefined) continue;
    changed.push(replayId);
    const { inARow, isTooMany } = failuresAfter(replay.failures_in_a_row, counted);
    await trx.updateTable("replays").set({ failures_in_a_row: inARow }).where("id", "=", replayId).execute();
    if (isTooMany) recalled.push(...(await stopByItself(deps, trx, replay, now)));
    else if (replay.has_queued_all === 1) await completeReplay(trx, replayId, now);
  }
  return { changed, recalled };
}

/** Whatever becomes of them now, they are no longer this replay's. An attempt counts once: whoever lets go, counts. */
async function release(
  trx: DatabaseTransaction,
  replayId: string,
  attempts: readonly ReplayedAttempt[],
): Promise<Set<string>> {
  const rows = await trx
    .updateTable("deliveries")
    .set({ replay_id: null, replayed_from: null })
    .where(
      "id",
      "in",
      attempts.map(({ deliveryId }) => deliveryId),
    )
    .where("replay_id", "=", replayId)
    .returning("id")
    .execute();
  return new Set(rows.map(({ id }) => id));
}

async function addCounts(
  trx: DatabaseTransaction,
  replayId: string,
  attempts: readonly ReplayedAttempt[],
  now: number,
): Promise<ReplayRow | undefined> {
  const delivered = attempts.filter(({ ok }) => ok).length;
  return trx
    .updateTable("replays")
    .set({
      delivered: sql`delivered + ${delivered}`,
      failed: sql`failed + ${attempts.length - delivered}`,
      updated_at: now,
    })
    .where("id", "=", replayId)
    .returningAll()
    .executeTakeFirst();
}

async function stopByItself(
  deps: Pick<ReplayDeps, "recordAudit">,
  trx: DatabaseTransaction,
  replay: ReplayRow,
  now: number,
): Promise<readonly string[]> {
  const actor = systemActor(replay.workspace_id);
  return (await stopReplay(deps, trx, actor, { id: replay.id, reason: "failures" }, now)) ?? [];
}
