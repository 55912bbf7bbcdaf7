/** Remembers when to look at a connection again, on one timer however many there are. */
export type Alarms = {
  /** Wakes this connection then, or earlier when an earlier time is set already. Epoch milliseconds. */
  readonly set: (connectionId: string, at: number) => void;
  readonly start: () => void;
  readonly stop: () => void;
};

/** What is later than this is found by the poll in time. */
const AHEAD_MAX_MS = 60_000;
/** The clock may be stepped, the timer is not: it looks again after so much at most. */
const LOOK_EVERY_MS = 1000;
/** What is due within so much of each other wakes together. */
const GRAIN_MS = 2;

export function createAlarms(now: () => number, wake: (connectionIds: readonly string[]) => void): Alarms {
  const dueAt = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Number.POSITIVE_INFINITY;
  let isRunning = false;

  const wait = (at: number) => {
    if (!isRunning || at >= timerAt) return;
    if (timer !== null) clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(ring, Math.min(LOOK_EVERY_MS, Math.max(GRAIN_MS, at - now())));
  };

  const ring = () => {
    timer = null;
    timerAt = Number.POSITIVE_INFINITY;
    const time = now() + GRAIN_MS;
    const due: string[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [connectionId, at] of dueAt) {
      if (at <= time) due.push(connectionId);
      else if (at < next) next = at;
    }
    for (const connectionId of due) dueAt.delete(connectionId);
    if (next < Number.POSITIVE_INFINITY) wait(next);
    if (due.length > 0) wake(due);
  };

  return {
    set: (connectionId, at) => {
      if (at - now() > AHEAD_MAX_MS) return;
      const known = dueAt.get(connectionId);
      if (known !== undefined && known <= at) return;
      dueAt.set(connectionId, at);
      wait(at);
    },
    start: () => {
      isRunning = true;
    },
    stop: () => {
      isRunning = false;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      dueAt.clear();
    },
  };
}
