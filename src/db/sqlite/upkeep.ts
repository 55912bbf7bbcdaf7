import type { Prepare } from "./compiled-statement.ts";

/** Maintenance of the embedded database's file. Each call runs on its one connection and blocks everyone. */
export type Upkeep = {
  /** Returns up to `pagesMax` free pages to the disk, unless too few are free. Returns how many. */
  readonly shrink: (pagesMax: number) => number;
  /** Updates the planner's statistics of tables that have changed much. */
  readonly refreshStatistics: () => void;
};

/**
 * New events are written to free pages first, so a part of the file stays free: otherwise the file would shrink with
 * each cleanup and grow again until the next.
 */
const FREE_SHARE_KEPT = 0.2;
/** 8 MiB: less is not worth the work. */
const FREE_PAGES_KEPT_MIN = 1000;

export function createUpkeep(prepare: Prepare): Upkeep {
  const readNumber = (pragma: string) =>
    Number(Object.values(prepare(`pragma ${pragma}`).get() ?? {})[0] ?? 0);
  const isIncremental = readNumber("auto_vacuum") === 2;
  return {
    shrink: (pagesMax) => {
      if (!isIncremental) return 0;
      const free = readNumber("freelist_count");
      const keptPages = Math.max(FREE_PAGES_KEPT_MIN, Math.ceil(readNumber("page_count") * FREE_SHARE_KEPT));
      const given = Math.min(pagesMax, free - keptPages);
      if (given <= 0) return 0;
      // Each row frees one page, so every row must be fetched.
      prepare(`pragma incremental_vacuum(${given})`).all();
      return given;
    },
    refreshStatistics: () => {
      prepare("pragma optimize").all();
    },
  };
}
