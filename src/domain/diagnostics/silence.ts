const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How far back one must look to tell a rhythm: five weekends, and a silence of two weeks after it. */
export const SILENCE_LOOKS_BACK_MS = 35 * DAY_MS;

/** A shorter silence is not reported: many senders pause at night. */
const SILENT_MS_MIN = DAY_MS;
/**
 * So much longer than the longest pause before must a silence be. With as many hours as below, events that come by pure
 * chance are called silent once in some eight hundred pauses.
 */
const LONGER_FACTOR = 3;
/** Fewer are no rhythm: the connection is used rarely. */
const ACTIVE_HOURS_MIN = 14;
/** A shorter history may lack a weekend: the connection is new. */
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
  /** What was delivered a day before that, on average. */
  readonly eventsPerDay: number;
};

/**
 * Whether something that was sent to in a regular manner is sent nothing any more, for much longer than it ever was
 * since `now - SILENCE_LOOKS_BACK_MS`. Nights, weekends and nightly batches are pauses it has known; new and rarely used
 * connections have no rhythm to miss. Hours without attempts may be left out.
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
  // What only failed has other notices, and how many events that were cannot be told from attempts.
  if (delivered === 0) return null;
  return { since: last.hour, eventsPerDay: delivered / (historyMs / DAY_MS) };
}
