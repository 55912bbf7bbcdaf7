const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How far back to look: five weekends, enough for a rhythm and a silence of two weeks after it. */
export const SILENCE_LOOKS_BACK_MS = 35 * DAY_MS;

/** A shorter silence is not reported: many senders pause at night. */
const SILENT_MS_MIN = DAY_MS;
/**
 * A silence must be this many times as long as the longest pause before it. With the number of hours below, events at
 * random times are wrongly called silent about once in 800 pauses.
 */
const LONGER_FACTOR = 3;
/** Fewer active hours are not a rhythm: the connection is rarely used. */
const ACTIVE_HOURS_MIN = 14;
/** A shorter history can lack a weekend: the connection is new. */
const HISTORY_MS_MIN = 14 * DAY_MS;

export type HourCount = {
  /** Start of the hour, epoch milliseconds. */
  readonly hour: number;
  readonly delivered: number;
  readonly failed: number;
};

export type Silence = {
  /** Start of the last hour in which anything was sent. */
  readonly since: number;
  /** Average number of deliveries per day until then. */
  readonly eventsPerDay: number;
};

/**
 * Finds a silence: a connection with regular deliveries has been sent nothing for much longer than ever before since
 * `now - SILENCE_LOOKS_BACK_MS`. Nights, weekends and nightly batches are pauses that occurred before; new and rarely
 * used connections have no rhythm. Hours without attempts can be left out.
 */
export function findSilence(hours: readonly HourCount[], now: number): Silence | null {
  const active = hours
    .filter(({ delivered, failed }) => delivered + failed > 0)
    .toSorted((a, b) => a.hour - b.hour);
  const [first, last] = [active[0], active.at(-1)];
  if (first === undefined || last === undefined || active.length < ACTIVE_HOURS_MIN) return null;
  const historyMs = last.hour - first.hour;
  if (historyMs < HISTORY_MS_MIN) return null;
  const silentMs = now - (last.hour + HOUR_MS);
  const longestPauseMs = Math.max(
    ...active.slice(1).map(({ hour }, index) => hour - (active[index]?.hour ?? hour) - HOUR_MS),
  );
  if (silentMs < SILENT_MS_MIN || silentMs < longestPauseMs * LONGER_FACTOR) return null;
  const delivered = active.reduce((sum, hour) => sum + hour.delivered, 0);
  // Other notices report a connection with failures only, and attempts do not show how many events there were.
  if (delivered === 0) return null;
  return { since: last.hour, eventsPerDay: delivered / (historyMs / DAY_MS) };
}
