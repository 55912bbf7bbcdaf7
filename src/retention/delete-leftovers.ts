import type { DatabaseTransaction } from "../db/open.ts";
import type { Chore, ChoreName } from "./chore.ts";
import type { CutOf } from "./cut.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes so many of the oldest rows that have run out; returns how many there were. */
export type DeleteExpired = (trx: DatabaseTransaction, now: number, rowsMax: number) => Promise<number>;

/** A worker of which nothing was heard for a day did not leave in order; nobody asks for it any more. */
const SILENT_WORKER_MS = 24 * 60 * 60 * 1000;

/** Goes on as long as there are more. */
export function deleteExpired(name: ChoreName, now: number, deleteSome: DeleteExpired): Chore {
  return {
    name,
    step: async (trx, place, rowsMax) => {
      const deleted = await deleteSome(trx, now, rowsMax);
      return { next: deleted < rowsMax ? null : place, deleted };
    },
  };
}

/** Deletes the hourly counts of one connection a step. */
export function deleteHours(cutOf: CutOf): Chore {
  return {
    name: "hours",
    step: async (trx, place) => {
      const connection = await trx
        .selectFrom("connections")
        .innerJoin("workspaces", "workspaces.id", "connections.workspace_id")
        .select(["connections.id", "payload_retention_days", "status_retention_days"])
        .where("connections.id", ">", place.id)
        .orderBy("connections.id")
        .limit(1)
        .executeTakeFirst();
      if (connection === undefined) return { next: null, deleted: 0 };
      const { numDeletedRows } = await trx
        .deleteFrom("delivery_hours")
        .where("connection_id", "=", connection.id)
        .where("hour", "<", cutOf(connection))
        .executeTakeFirst();
      return { next: { ...place, id: connection.id }, deleted: Number(numDeletedRows) };
    },
  };
}

/** Deletes what the inspector shows of a workspace's events that were accepted before; returns how much it was. */
export type ForgetInspected = (
  trx: DatabaseTransaction,
  workspaceId: string,
  acceptedBefore: number,
) => Promise<number>;

/** One workspace a step: its inspector keeps few. */
export function deleteInspected(cutOf: CutOf, forget: ForgetInspected): Chore {
  return {
    name: "inspected",
    step: async (trx, { workspaceId, before }) => {
      const deleted = workspaceId === "" ? 0 : await forget(trx, workspaceId, before);
      return { next: await nextWorkspace(trx, workspaceId, cutOf), deleted };
    },
  };
}

export function deleteSilentWorkers(now: number): Chore {
  return {
    name: "workers",
    step: async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom("workers")
        .where("beat_at", "<", now - SILENT_WORKER_MS)
        .executeTakeFirst();
      return { next: null, deleted: Number(numDeletedRows) };
    },
  };
}
