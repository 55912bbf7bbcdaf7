import { deleteDisconnected } from "../connections/delete-disconnected.ts";
import type { Chore, ChoreDeps } from "./chore.ts";
import type { CutoffOf } from "./cutoff.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes connections that have been disconnected for as long as statuses are kept, once their history is gone. */
export function deleteConnections({ dialect }: ChoreDeps, cutoffOf: CutoffOf): Chore {
  return {
    name: "connections",
    step: async (trx, cursor, rowsMax) => {
      const { workspaceId, before } = cursor;
      if (workspaceId === "") return { next: await nextWorkspace(trx, workspaceId, cutoffOf), deleted: 0 };
      const after = { createdAt: cursor.acceptedAt, id: cursor.id };
      const { deleted, last } = await deleteDisconnected(trx, dialect, {
        workspaceId,
        before,
        after,
        rowsMax,
      });
      if (last !== null) return { next: { ...cursor, acceptedAt: last.createdAt, id: last.id }, deleted };
      return { next: await nextWorkspace(trx, workspaceId, cutoffOf), deleted };
    },
  };
}
