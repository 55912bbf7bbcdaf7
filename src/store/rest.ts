/** Committing takes this part of the time at most while the process is busy. */
const PART_OF_TIME = 1 / 8;
const REST_MAX_MS = 10;
/** From how much of the time at work on (0 to 1) a process counts as busy. */
const BUSY_FROM = 0.85;

/** How long to let items gather before the next commit. */
export type Rest = {
  readonly noteCommit: (durationMs: number) => void;
  /** Milliseconds until the next commit should begin; 0 for at once. */
  readonly remainingMs: () => number;
};

export const NO_REST: Rest = { noteCommit: () => undefined, remainingMs: () => 0 };

/**
 * A commit costs much the same for one item and for a hundred. A process with time to spare commits at once; a busy one
 * lets items gather for some times as long as the last commit took, so that it does more for each.
 */
export function createRest(): Rest {
  let last = performance.eventLoopUtilization();
  let endedAt = 0;
  let restMs = 0;
  return {
    noteCommit: (durationMs) => {
      const current = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(current, last);
      last = current;
      endedAt = performance.now();
      restMs = utilization < BUSY_FROM ? 0 : Math.min(REST_MAX_MS, durationMs * (1 / PART_OF_TIME - 1));
    },
    remainingMs: () => Math.max(0, endedAt + restMs - performance.now()),
  };
}
