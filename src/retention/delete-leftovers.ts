import type { DatabaseTransaction } from "../db/open.ts";
import type { Chore, ChoreName } from "./chore.ts";
import type { CutOf } from "./cut.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes so many of the oldest rows that have run out; returns how many there were. */
export type DeleteExpired = (trx: DatabaseTransaction, now: number, rowsMax: number) => Promise<number>;

/** A worker of which nothing was heard for a day did not leave in order; no one asks for it any more. */
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
