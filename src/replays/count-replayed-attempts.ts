import { sql } from "kysely";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { failuresAfter, type ReplayChanges } from "../domain/replay.ts";
import { completeReplay } from "./complete.ts";
import type { ReplayDeps } from "./deps.ts";
import { earlier, NEW_PART, type ReplayPart, readParts, savePart } from "./replay-connections.ts";
import type { ReplayRow } from "./replay-row.ts";
import { withdraw } from "./withdraw.ts";

/** A finished attempt at a delivery that a replay has queued, in the order in which they finished. */
export type ReplayedAttempt = {
  readonly replayId: string;
  readonly deliveryId: string;
  readonly ok: boolean;
};

/** A counted attempt, with its connection. */
type Counted = ReplayedAttempt & { readonly connectionId: string };

/**
 * Counts attempts at replayed deliveries, stops at receivers that fail repeatedly, and completes a replay that has
 * finished. Part of the transaction that records the attempts.
 */
export async function countReplayedAttempts(
  deps: Pick<ReplayDeps, "recordAudit" | "dialect">,
  trx: DatabaseTransaction,
  attempts: readonly ReplayedAttempt[],
  now: number,
): Promise<ReplayChanges> {
  const byReplay = Map.groupBy(attempts, ({ replayId }) => replayId);
  const changed: string[] = [];
  const recalled: string[] = [];
  // The same order in every process prevents deadlocks.
  for (const [replayId, own] of [...byReplay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const released = await release(trx, replayId, own);
    const counted = own.flatMap((attempt) => {
      const connectionId = released.get(attempt.deliveryId);
      return connectionId === undefined ? [] : { ...attempt, connectionId };
    });
    if (counted.length === 0) continue;
    const replay = await addCounts(trx, replayId, counted, now);
    if (replay === undefined) continue;
    changed.push(replayId);
    recalled.push(...(await countFailures(deps, trx, replay, counted, now)));
    if (replay.has_queued_all === 1) await completeReplay(deps, trx, replay, now);
  }
  return { changed, recalled };
}

/**
 * Detaches these deliveries from the replay. An attempt counts once: only the caller that detaches its delivery counts
 * it.
 */
async function release(
  trx: DatabaseTransaction,
  replayId: string,
  attempts: readonly ReplayedAttempt[],
): Promise<Map<string, string>> {
  const rows = await trx
    .updateTable("deliveries")
    .set({ replay_id: null, replayed_from: null })
    .where(
      "id",
      "in",
      attempts.map(({ deliveryId }) => deliveryId),
    )
    .where("replay_id", "=", replayId)
    .returning(["id", "connection_id"])
    .execute();
  return new Map(rows.map((row) => [row.id, row.connection_id]));
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

/** Counts consecutive failures per connection; returns the connections of deliveries that were withdrawn. */
async function countFailures(
  { dialect }: Pick<ReplayDeps, "dialect">,
  trx: DatabaseTransaction,
  replay: ReplayRow,
  counted: readonly Counted[],
  now: number,
): Promise<readonly string[]> {
  const parts = await readParts(trx, replay.id);
  const recalled: string[] = [];
  for (const [connectionId, own] of Map.groupBy(counted, (one) => one.connectionId)) {
    const part = parts.get(connectionId) ?? { ...NEW_PART, connectionId };
    const { consecutiveFailures, isTooMany } = failuresAfter(part.consecutiveFailures, own);
    if (isTooMany && part.state !== "stopped") {
      recalled.push(...(await stopForConnection(trx, dialect, replay, part, now)));
    } else if (consecutiveFailures !== part.consecutiveFailures) {
      await savePart(trx, replay.id, { ...part, consecutiveFailures });
    }
  }
  return recalled;
}

/** Stops a replay for one connection; a replay that starts on recovery waits for the next recovery. */
async function stopForConnection(
  trx: DatabaseTransaction,
  dialect: Dialect,
  { id, starts }: ReplayRow,
  part: ReplayPart,
  now: number,
): Promise<readonly string[]> {
  const withdrawn = await withdraw(trx, dialect, id, part.connectionId, now);
  const hasEnded = starts === "now";
  // The deliveries not examined yet come after those withdrawn, or after the replay's position.
  const position =
    part.state === "waiting" && withdrawn.before !== null
      ? earlier(part.position, withdrawn.before)
      : (withdrawn.before ?? part.position);
  const isWaiting = !hasEnded && (part.state === "waiting" || withdrawn.before !== null);
  await savePart(trx, id, {
    ...part,
    state: hasEnded ? "stopped" : isWaiting ? "waiting" : part.state,
    consecutiveFailures: 0,
    position,
  });
  return withdrawn.connectionIds;
}
