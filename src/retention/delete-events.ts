import { isAmong } from "../db/among.ts";
import { offIndex } from "../db/off-index.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { type Chore, type ChoreDeps, UNFINISHED } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";
import { deleteAttempts, nextWorkspace, readOldEvents, readUnfinished } from "./old-events.ts";

/** Deletes expired events with their deliveries, unless one of these is unfinished. */
export function deleteEvents({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return {
    name: "events",
    step: async (trx, cursor, rowsMax) => {
      const events = await readOldEvents(trx, dialect, cursor, rowsMax);
      const last = events.at(-1);
      const deleted =
        last === undefined
          ? 0
          : await deleteEnded(
              trx,
              dialect,
              cursor.workspaceId,
              events.map(({ id }) => id),
            );
      if (last !== undefined && events.length === rowsMax) {
        return { next: { ...cursor, acceptedAt: last.accepted_at, id: last.id }, deleted };
      }
      return { next: await nextWorkspace(trx, cursor.workspaceId, cutoffOf), deleted };
    },
  };
}

/** Returns how many of the events were deleted. */
async function deleteEnded(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  ids: readonly string[],
): Promise<number> {
  const unfinished = await readUnfinished(trx, dialect, workspaceId, ids);
  const ended = ids.filter((id) => !unfinished.has(id));
  await deleteAttempts(trx, dialect, workspaceId, ended);
  await trx
    .deleteFrom("deliveries")
    .where(offIndex("workspace_id"), "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("event_id"), ended))
    .where("status", "not in", UNFINISHED)
    .execute();
  // An event with a delivery that became due again in between still has that delivery, and is kept.
  const { numDeletedRows } = await trx
    .deleteFrom("events")
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("id"), ended))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("deliveries")
            .select("id")
            .where(offIndex("deliveries.workspace_id"), "=", eb.ref("events.workspace_id"))
            .whereRef("deliveries.event_id", "=", "events.id"),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
