import { isAmong } from "../../store/among.ts";
import type { DatabaseTransaction, Dialect } from "../../store/open.ts";
import type { Chore, ChoreDeps, Place } from "./chore.ts";
import type { CutOf } from "./cut.ts";
import { deleteAttempts, nextWorkspace, readOldEvents, readOwed } from "./old-events.ts";

/**
 * Deletes what events that have had their time carried, and what was sent and answered of them; their statuses stay. Each
 * workspace has a mark of how far this came, so every event is looked at once. One that is still owed to somebody is
 * put aside for later passes.
 */
export function deletePayloads({ dialect }: ChoreDeps, cutOf: CutOf): Chore {
  return {
    name: "payloads",
    step: async (trx, place, rowsMax) => {
      const { workspaceId } = place;
      const mark = await readMark(trx, place);
      const events = await readOldEvents(trx, dialect, mark, rowsMax);
      const ids = events.map(({ id }) => id);
      const kept = ids.length === 0 ? new Set<string>() : await emptyEvents(trx, dialect, ids);
      await keepForLater(trx, dialect, [...kept]);
      const last = events.at(-1);
      if (last !== undefined) await moveMark(trx, workspaceId, last);
      const deleted = ids.length - kept.size;
      if (events.length === rowsMax) return { next: mark, deleted };
      return { next: await nextWorkspace(trx, workspaceId, cutOf), deleted };
    },
  };
}

/**
 * Looks again at the events that were put aside. Those of a workspace that has made its time longer since may be too
 * young by now, and wait on.
 */
export function deleteKeptPayloads({ dialect }: ChoreDeps, cutOf: CutOf): Chore {
  return {
    name: "kept payloads",
    step: async (trx, place, rowsMax) => {
      const rows = await trx
        .selectFrom("kept_payloads")
        .innerJoin("events", "events.id", "kept_payloads.event_id")
        .innerJoin("workspaces", "workspaces.id", "events.workspace_id")
        .select(["event_id", "accepted_at", "payload_retention_days", "status_retention_days"])
        .where("event_id", ">", place.id)
        .orderBy("event_id")
        .limit(rowsMax)
        .$if(dialect === "postgres", (query) => query.forNoKeyUpdate("events"))
        .execute();
      const old = rows.filter((row) => row.accepted_at < cutOf(row)).map((row) => row.event_id);
      const kept = old.length === 0 ? new Set<string>() : await emptyEvents(trx, dialect, old);
      const freed = old.filter((id) => !kept.has(id));
      if (freed.length > 0) {
        await trx
          .deleteFrom("kept_payloads")
          .where((eb) => isAmong(dialect, eb.ref("event_id"), freed))
          .execute();
      }
      const next = rows.length < rowsMax ? null : { ...place, id: rows.at(-1)?.event_id ?? "" };
      return { next, deleted: freed.length };
    },
  };
}

/** Empties these events, but for those still owed to somebody, which it returns. */
async function emptyEvents(
  trx: DatabaseTransaction,
  dialect: Dialect,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const owed = await readOwed(trx, dialect, ids);
  await deleteAttempts(trx, dialect, ids);
  const free = ids.filter((id) => !owed.has(id));
  await trx
    .updateTable("events")
    .set({ data: "", trace_context: null })
    .where((eb) => isAmong(dialect, eb.ref("id"), free))
    .execute();
  return owed;
}

async function readMark(trx: DatabaseTransaction, place: Place): Promise<Place> {
  const mark = await trx
    .selectFrom("retention_marks")
    .select(["accepted_at", "event_id"])
    .where("workspace_id", "=", place.workspaceId)
    .executeTakeFirst();
  return { ...place, acceptedAt: mark?.accepted_at ?? 0, id: mark?.event_id ?? "" };
}

async function moveMark(
  trx: DatabaseTransaction,
  workspaceId: string,
  last: { readonly id: string; readonly accepted_at: number },
): Promise<void> {
  const columns = { accepted_at: last.accepted_at, event_id: last.id };
  await trx
    .insertInto("retention_marks")
    .values({ workspace_id: workspaceId, ...columns })
    .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(columns))
    .execute();
}

async function keepForLater(
  trx: DatabaseTransaction,
  dialect: Dialect,
  eventIds: readonly string[],
): Promise<void> {
  if (eventIds.length === 0) return;
  await trx
    .insertInto("kept_payloads")
    .columns(["event_id"])
    .expression((eb) =>
      eb
        .selectFrom("events")
        .select("id")
        .where((events) => isAmong(dialect, events.ref("id"), eventIds)),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
