import type { Prepare } from "./compiled-statement.ts";

/** What keeps the embedded database's file in shape. Each call runs on its one connection and holds everyone up. */
export type Upkeep = {
  /** Gives up to so many free pages back to the disk, if there are more than are worth keeping. Returns how many. */
  readonly shrink: (pagesMax: number) => number;
  /** Counts anew what the planner should know of tables that have changed much. */
  readonly refreshStatistics: () => void;
};

/**
 * Free pages are what new events are written to first, so a part of the file stays free: giving everything back would
 * let the file shrink after each pass and grow again until the next one.
 */
const FREE_SHARE_KEPT = 0.2;
/** 8 MiB: below that nothing is worth the work. */
const FREE_PAGES_KEPT_MIN = 1000;

export function createUpkeep(prepare: Prepare): Upkeep {
  const readNumber = (pragma: string) =>
    Number(Object.values(prepare(`pragma ${pragma}`).get() ?? {})[0] ?? 0);
  const isIncremental = readNumber("auto_vacuum") === 2;
  return {
    shrink: (pagesMax) => {
      if (!isIncremental) return 0;
      const free = readNumber("freelist_count");
      const kept = Math.max(FREE_PAGES_KEPT_MIN, Math.ceil(readNumber("page_count") * FREE_SHARE_KEPT));
      const given = Math.min(pagesMax, free - kept);
      if (given <= 0) return 0;
      // It frees one page a row, so every row must be asked for.
      prepare(`pragma incremental_vacuum(${given})`).all();
      return given;
    },
    refreshStatistics: () => {
      prepare("pragma optimize").all();
    },
  };
}
