import type { DatabaseTransaction } from "../db/open.ts";
import { MINUTES_KEPT_MS } from "../domain/statistics.ts";
import { deleteIssues, deleteRollups, deleteTypes } from "../statistics/delete-old.ts";
import type { Chore, ChoreDeps } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes old statistics per minute, of one workspace per step. */
export function deleteMinutes(now: number): Chore {
  return walk(
    "minutes",
    () => now - MINUTES_KEPT_MS,
    (trx, workspaceId, before, rowsMax) =>
      deleteRollups(trx, { workspaceId, interval: "minute", before }, rowsMax),
  );
}

/** Deletes old statistics per hour, which are kept as long as statuses. */
export function deleteHours(cutoffOf: CutoffOf): Chore {
  return walk("hours", cutoffOf, (trx, workspaceId, before, rowsMax) =>
    deleteRollups(trx, { workspaceId, interval: "hour", before }, rowsMax),
  );
}

/** Deletes event types without any events left. */
export function deleteOldTypes({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return walk("event types", cutoffOf, (trx, workspaceId, before, rowsMax) =>
    deleteTypes(trx, dialect, { workspaceId, before }, rowsMax),
  );
}

/** Deletes issues whose last failure is older than statuses are kept: its deliveries are gone. */
export function deleteOldIssues({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return walk("issues", cutoffOf, (trx, workspaceId, before, rowsMax) =>
    deleteIssues(trx, dialect, { workspaceId, before }, rowsMax),
  );
}

type DeleteSome = (
  trx: DatabaseTransaction,
  workspaceId: string,
  before: number,
  rowsMax: number,
) => Promise<number>;

/** Continues with the same workspace while there are more. */
function walk(name: Chore["name"], cutoffOf: CutoffOf, deleteSome: DeleteSome): Chore {
  return {
    name,
    step: async (trx, cursor, rowsMax) => {
      const { workspaceId, before } = cursor;
      const deleted = workspaceId === "" ? 0 : await deleteSome(trx, workspaceId, before, rowsMax);
      if (deleted >= rowsMax) return { next: cursor, deleted };
      return { next: await nextWorkspace(trx, workspaceId, cutoffOf), deleted };
    },
  };
}
