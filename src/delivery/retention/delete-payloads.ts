import { isAmong } from "../../store/among.ts";
import type { DatabaseTransaction, Dialect } from "../../store/open.ts";
import type { Chore, ChoreDeps, Place } from "./chore.ts";
import { deleteAttempts, nextWorkspace, readOldEvents, readOwed } from "./old-events.ts";

/**
 * Deletes what events accepted before a time carried, and what was sent and answered of them; their statuses stay. Each
 * workspace has a mark of how far this came, so every event is looked at once. One that is still owed to somebody is
 * put aside for later passes.
 */
export function deletePayloads({ dialect }: ChoreDeps, before: number): Chore {
  return {
    name: "payloads",
    step: async (trx, { workspaceId }, rowsMax) => {
      const mark = await readMark(trx, workspaceId);
      const events = await readOldEvents(trx, dialect, mark, before, rowsMax);
      const ids = events.map(({ id }) => id);
      const kept = ids.length === 0 ? new Set<string>() : await emptyEvents(trx, dialect, ids);
      await keepForLater(trx, dialect, [...kept]);
      const last = events.at(-1);
      if (last !== undefined) await moveMark(trx, workspaceId, last);
      const deleted = ids.length - kept.size;
      if (events.length === rowsMax) return { next: mark, deleted };
      const nextId = await nextWorkspace(trx, workspaceId);
      return { next: nextId === null ? null : { ...mark, workspaceId: nextId }, deleted };
    },
  };
}

/** Looks again at the events that were put aside. */
export function deleteKeptPayloads({ dialect }: ChoreDeps): Chore {
  return {
    name: "kept payloads",
    step: async (trx, place, rowsMax) => {
      const rows = await trx
        .selectFrom("kept_payloads")
        .innerJoin("events", "events.id", "kept_payloads.event_id")
        .select("event_id")
        .where("event_id", ">", place.id)
        .orderBy("event_id")
        .limit(rowsMax)
        .$if(dialect === "postgres", (query) => query.forNoKeyUpdate("events"))
        .execute();
      const ids = rows.map((row) => row.event_id);
      if (ids.length === 0) return { next: null, deleted: 0 };
      const kept = await emptyEvents(trx, dialect, ids);
      const freed = ids.filter((id) => !kept.has(id));
      await trx
        .deleteFrom("kept_payloads")
        .where((eb) => isAmong(dialect, eb.ref("event_id"), freed))
        .execute();
      const next = ids.length < rowsMax ? null : { ...place, id: ids.at(-1) ?? "" };
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

async function readMark(trx: DatabaseTransaction, workspaceId: string): Promise<Place> {
  const mark = await trx
    .selectFrom("retention_marks")
    .select(["accepted_at", "event_id"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();
  return { workspaceId, acceptedAt: mark?.accepted_at ?? 0, id: mark?.event_id ?? "" };
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
