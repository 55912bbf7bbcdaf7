import type { Upkeep } from "../db/sqlite/upkeep.ts";
import type { Chore } from "./chore.ts";

/** Gives disk space back that deleting has freed, then lets the planner know what has changed. */
export function keepFileInShape(upkeep: Upkeep): readonly Chore[] {
  return [
    {
      name: "free pages",
      step: async (_trx, place, rowsMax) => {
        const deleted = upkeep.shrink(rowsMax);
        return { next: deleted < rowsMax ? null : place, deleted };
      },
    },
    {
      name: "statistics",
      step: async () => {
        upkeep.refreshStatistics();
        return { next: null, deleted: 0 };
      },
    },
  ];
}
