import type { DatabaseTransaction } from "../db/open.ts";
import type { Chore, ChoreName } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes up to `rowsMax` of the oldest expired rows; returns how many there were. */
export type DeleteExpired = (trx: DatabaseTransaction, now: number, rowsMax: number) => Promise<number>;

/** A worker without a heartbeat for a day has crashed, and its row is no longer needed. */
const SILENT_WORKER_MS = 24 * 60 * 60 * 1000;

/** Continues while there are more. */
export function deleteExpired(name: ChoreName, now: number, deleteSome: DeleteExpired): Chore {
  return {
    name,
    step: async (trx, cursor, rowsMax) => {
      const deleted = await deleteSome(trx, now, rowsMax);
      return { next: deleted < rowsMax ? null : cursor, deleted };
    },
  };
}

/** Deletes the inspector's requests for a workspace's events that were accepted before this time; returns how many. */
export type ForgetInspected = (
  trx: DatabaseTransaction,
  workspaceId: string,
  acceptedBefore: number,
) => Promise<number>;

/** One workspace per step, since its inspector keeps few requests. */
export function deleteInspected(cutoffOf: CutoffOf, forget: ForgetInspected): Chore {
  return {
    name: "inspected",
    step: async (trx, { workspaceId, before }) => {
      const deleted = workspaceId === "" ? 0 : await forget(trx, workspaceId, before);
      return { next: await nextWorkspace(trx, workspaceId, cutoffOf), deleted };
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
