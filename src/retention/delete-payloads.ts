import { isAmong } from "../db/among.ts";
import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Chore, ChoreDeps, Cursor } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";
import { deleteAttempts, nextWorkspace, readOldEvents, readUnfinished } from "./old-events.ts";

/**
 * Deletes the data of expired events, and the requests and responses of their deliveries; the statuses stay. A mark per
 * workspace records the progress, so every event is examined once. An event that is not delivered everywhere yet is set
 * aside for later runs.
 */
export function deletePayloads({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return {
    name: "payloads",
    step: async (trx, cursor, rowsMax) => {
      const { workspaceId } = cursor;
      const mark = await readMark(trx, cursor);
      const events = await readOldEvents(trx, dialect, mark, rowsMax);
      const ids = events.map(({ id }) => id);
      const unfinished =
        ids.length === 0 ? new Set<string>() : await emptyEvents(trx, dialect, workspaceId, ids);
      await setAside(trx, workspaceId, [...unfinished]);
      const last = events.at(-1);
      if (last !== undefined) await moveMark(trx, workspaceId, last);
      const deleted = ids.length - unfinished.size;
      if (events.length === rowsMax) return { next: mark, deleted };
      return { next: await nextWorkspace(trx, workspaceId, cutoffOf), deleted };
    },
  };
}

/**
 * Examines the events that were set aside, of one workspace per step. If the workspace keeps payloads longer by now,
 * they may not have expired, and keep waiting.
 */
export function deleteKeptPayloads({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return {
    name: "kept payloads",
    step: async (trx, cursor, rowsMax) => {
      const rows = await trx
        .selectFrom("kept_payloads")
        .innerJoin("events", (join) =>
          join
            .onRef("events.workspace_id", "=", "kept_payloads.workspace_id")
            .onRef("events.id", "=", "kept_payloads.event_id"),
        )
        .select(["events.id", "events.accepted_at"])
        .where("kept_payloads.workspace_id", "=", cursor.workspaceId)
        .where("kept_payloads.event_id", ">", cursor.id)
        .orderBy("kept_payloads.event_id")
        .limit(rowsMax)
        .$if(dialect === "postgres", (query) => query.forNoKeyUpdate("events"))
        .execute();
      const old = rows.filter((row) => row.accepted_at < cursor.before).map(({ id }) => id);
      const unfinished =
        old.length === 0 ? new Set<string>() : await emptyEvents(trx, dialect, cursor.workspaceId, old);
      const freed = old.filter((id) => !unfinished.has(id));
      if (freed.length > 0) {
        await trx
          .deleteFrom("kept_payloads")
          .where("workspace_id", "=", cursor.workspaceId)
          .where((eb) => isAmong(dialect, eb.ref("event_id"), freed))
          .execute();
      }
      const last = rows.length < rowsMax ? undefined : rows.at(-1);
      const next =
        last === undefined
          ? await nextWorkspace(trx, cursor.workspaceId, cutoffOf)
          : { ...cursor, id: last.id };
      return { next, deleted: freed.length };
    },
  };
}

/** Empties these events, except those with unfinished deliveries, which it returns. */
async function emptyEvents(
  trx: DatabaseTransaction,
  dialect: Dialect,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const unfinished = await readUnfinished(trx, dialect, workspaceId, ids);
  await deleteAttempts(trx, dialect, workspaceId, ids);
  const free = ids.filter((id) => !unfinished.has(id));
  await trx
    .updateTable("events")
    .set({ data: "", trace_context: null })
    .where("workspace_id", "=", workspaceId)
    .where((eb) => isAmong(dialect, eb.ref("id"), free))
    .execute();
  return unfinished;
}

async function readMark(trx: DatabaseTransaction, cursor: Cursor): Promise<Cursor> {
  const mark = await trx
    .selectFrom("retention_marks")
    .select(["accepted_at", "event_id"])
    .where("workspace_id", "=", cursor.workspaceId)
    .executeTakeFirst();
  return { ...cursor, acceptedAt: mark?.accepted_at ?? 0, id: mark?.event_id ?? "" };
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

async function setAside(
  trx: DatabaseTransaction,
  workspaceId: string,
  eventIds: readonly string[],
): Promise<void> {
  if (eventIds.length === 0) return;
  await trx
    .insertInto("kept_payloads")
    .values(eventIds.map((id) => ({ workspace_id: workspaceId, event_id: id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
