import { deleteDisconnected } from "../connections/delete-disconnected.ts";
import type { Chore, ChoreDeps } from "./chore.ts";
import type { CutOf } from "./cut.ts";
import { nextWorkspace } from "./old-events.ts";

/** Deletes connections that have been disconnected for as long as statuses are kept, once their history is gone. */
export function deleteConnections({ dialect }: ChoreDeps, cutOf: CutOf): Chore {
  return {
    name: "connections",
    step: async (trx, place, rowsMax) => {
      const { workspaceId, before } = place;
      if (workspaceId === "") return { next: await nextWorkspace(trx, workspaceId, cutOf), deleted: 0 };
      const after = { createdAt: place.acceptedAt, id: place.id };
      const { deleted, last } = await deleteDisconnected(trx, dialect, {
        workspaceId,
        before,
        after,
        rowsMax,
      });
      if (last !== null) return { next: { ...place, acceptedAt: last.createdAt, id: last.id }, deleted };
      return { next: await nextWorkspace(trx, workspaceId, cutOf), deleted };
    },
  };
}
