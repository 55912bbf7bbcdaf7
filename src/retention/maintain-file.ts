import type { Upkeep } from "../db/sqlite/upkeep.ts";
import type { Chore } from "./chore.ts";

/** Returns freed disk space, then updates the planner's statistics. */
export function maintainFile(upkeep: Upkeep): readonly Chore[] {
  return [
    {
      name: "free pages",
      step: async (_trx, cursor, rowsMax) => {
        const deleted = upkeep.shrink(rowsMax);
        return { next: deleted < rowsMax ? null : cursor, deleted };
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
