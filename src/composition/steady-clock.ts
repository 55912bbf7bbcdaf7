const HOUR_MS = 60 * 60 * 1000;
/** A wall clock further behind than this was wrong before or is wrong now; rows are kept for about a day or longer. */
const LEAD_MAX_MS = 25 * HOUR_MS;
/**
 * Relative speed while the wall clock catches up: fast enough for deadlines, slow enough for the wall clock to catch
 * up.
 */
const CATCH_UP_SPEED = 0.5;

/** The clock of the engine: epoch milliseconds that never go back while the process lives. */
export type SteadyClock = {
  readonly now: () => number;
  /** Continues from a time that is known to have been reached, if it is ahead. */
  readonly advanceTo: (time: number) => void;
};

/**
 * Follows the wall clock forward. When that is set back, continues on monotonic time at half speed until the wall clock
 * has caught up, so that lists keep the order of acceptance, and no deadline waits for as long as the step. A lead of
 * more than 25 hours is dropped.
 */
export function createSteadyClock(sources: {
  /** Epoch milliseconds of the machine's clock. */
  readonly wall: () => number;
  /** Monotonic milliseconds from any starting point. */
  readonly monotonic: () => number;
}): SteadyClock {
  let latest = Number.NEGATIVE_INFINITY;
  /** The point at which the wall clock was last followed. */
  let left = { time: latest, monotonic: 0 };

  const continueFrom = (time: number) => {
    latest = time;
    left = { time, monotonic: sources.monotonic() };
    return time;
  };

  const now = () => {
    const wall = sources.wall();
    if (wall >= latest || latest - wall > LEAD_MAX_MS) return continueFrom(wall);
    const elapsedMs = Math.max(0, sources.monotonic() - left.monotonic);
    latest = Math.max(latest, Math.floor(left.time + elapsedMs * CATCH_UP_SPEED));
    return latest;
  };

  return {
    now,
    advanceTo: (time) => {
      if (time > now() && time - sources.wall() <= LEAD_MAX_MS) continueFrom(time);
    },
  };
}
