import type { Upkeep } from "../db/sqlite/upkeep.ts";
import type { Chore } from "./chore.ts";

/** Returns freed disk space, then updates the planner's statistics. */
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
