const HOUR_MS = 60 * 60 * 1000;
/** A wall clock that is further behind than this was wrong before or is wrong now; a day and some is what rows are kept for. */
const LEAD_MAX_MS = 25 * HOUR_MS;
/** Of the speed of time while the wall clock catches up: fast enough for deadlines, slow enough to get there. */
const CATCH_UP_SPEED = 0.5;

/** The clock of the engine: epoch milliseconds that never go back while the process lives. */
export type SteadyClock = {
  readonly now: () => number;
  /** Goes on from a time that is known to have been reached, if it is ahead. */
  readonly advanceTo: (time: number) => void;
};

/**
 * Follows the wall clock forward. When that is set back, goes on by monotonic time at half speed until the wall clock has
 * caught up, so that lists keep the order of acceptance, and no deadline waits for as long as the step. A lead of more than
 * 25 hours is given up.
 */
export function createSteadyClock(sources: {
  /** Epoch milliseconds, as the machine has them. */
  readonly wall: () => number;
  /** Milliseconds from any point on, which no one can set. */
  readonly monotonic: () => number;
}): SteadyClock {
  let latest = Number.NEGATIVE_INFINITY;
  /** Where the wall clock was last followed. */
  let left = { time: latest, monotonic: 0 };

  const goOnFrom = (time: number) => {
    latest = time;
    left = { time, monotonic: sources.monotonic() };
    return time;
  };

  const now = () => {
    const wall = sources.wall();
    if (wall >= latest || latest - wall > LEAD_MAX_MS) return goOnFrom(wall);
    const elapsedMs = Math.max(0, sources.monotonic() - left.monotonic);
    latest = Math.max(latest, Math.floor(left.time + elapsedMs * CATCH_UP_SPEED));
    return latest;
  };

  return {
    now,
    advanceTo: (time) => {
      if (time > now() && time - sources.wall() <= LEAD_MAX_MS) goOnFrom(time);
    },
  };
}
