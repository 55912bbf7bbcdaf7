import { LATENCY_CLASSES, latencyClass } from "../domain/latency.ts";
import { type AttemptOutcome, MINUTE_MS } from "../domain/statistics.ts";

/** An attempt as statistics count it; tests are not counted. */
export type CountedAttempt = {
  readonly connectionId: string;
  readonly deliveryId: string;
  readonly eventType: string;
  readonly outcome: AttemptOutcome;
  /** From `causeText`; empty for a success. */
  readonly cause: string;
  /** Whether it ended its delivery. */
  readonly isEnd: boolean;
  readonly startedAt: number;
  readonly durationMs: number;
};

type CountedEvent = { readonly id: string; readonly type: string; readonly acceptedAt: number };

/** Counts that can be summed, in the order of their columns. */
export type Counts = {
  attempts: number;
  deliveries: number;
  events: number;
  durationMs: number;
  /** By duration class. */
  readonly classes: number[];
};

/** Attempts of one minute that share all dimensions. */
export type AttemptSeries = Pick<CountedAttempt, "connectionId" | "eventType" | "outcome" | "cause"> & {
  readonly minute: number;
  readonly counts: Counts;
  readonly ends: AttemptEnds;
};

/** When the first and the last of these attempts ended. */
type AttemptEnds = {
  firstAt: number;
  lastAt: number;
  /** The delivery of the last one; null for successes. */
  deliveryId: string | null;
};

/** Events of one minute and type, with one of them as an example. */
export type EventSeries = {
  readonly minute: number;
  readonly type: string;
  readonly counts: Counts;
  lastAcceptedAt: number;
  exampleId: string;
};

/** One workspace's part of an entry. */
export type WorkspaceEntry = {
  readonly attempts: Map<string, AttemptSeries>;
  readonly events: Map<string, EventSeries>;
  /** Change in the number of pending deliveries, by connection. */
  readonly pending: Map<string, number>;
};

export function noCounts(): Counts {
  return {
    attempts: 0,
    deliveries: 0,
    events: 0,
    durationMs: 0,
    classes: new Array<number>(LATENCY_CLASSES).fill(0),
  };
}

export function copyCounts(counts: Counts): Counts {
  return { ...counts, classes: counts.classes.slice() };
}

export function addCounts(sum: Counts, added: Counts): void {
  sum.attempts += added.attempts;
  sum.deliveries += added.deliveries;
  sum.events += added.events;
  sum.durationMs += added.durationMs;
  for (let index = 0; index < LATENCY_CLASSES; index++)
    sum.classes[index] = (sum.classes[index] ?? 0) + (added.classes[index] ?? 0);
}

/**
 * The statistics of one transaction, or of several added together. An attempt counts in the minute in which it ended
 * (its start plus its duration), an event in the minute in which it was accepted.
 */
export class StatisticsEntry {
  readonly workspaces = new Map<string, WorkspaceEntry>();

  addAttempt(workspaceId: string, attempt: CountedAttempt): void {
    const { connectionId, eventType, outcome, cause, isEnd, durationMs } = attempt;
    const endedAt = attempt.startedAt + durationMs;
    const { counts } = this.#attempts(
      workspaceId,
      { minute: minuteOf(endedAt), connectionId, eventType, outcome, cause },
      { firstAt: endedAt, lastAt: endedAt, deliveryId: cause === "" ? null : attempt.deliveryId },
    );
    const index = latencyClass(durationMs);
    counts.attempts += 1;
    counts.deliveries += isEnd ? 1 : 0;
    counts.durationMs += durationMs;
    counts.classes[index] = (counts.classes[index] ?? 0) + 1;
  }

  /** Adds an accepted event and its new pending deliveries. */
  addEvent(workspaceId: string, event: CountedEvent, connectionIds: readonly string[]): void {
    const { counts } = this.#events(workspaceId, minuteOf(event.acceptedAt), event.type, {
      exampleId: event.id,
      lastAcceptedAt: event.acceptedAt,
    });
    counts.events += 1;
    counts.deliveries += connectionIds.length;
    for (const connectionId of connectionIds) this.addPending(workspaceId, connectionId, 1);
  }

  addPending(workspaceId: string, connectionId: string, change: number): void {
    if (change === 0) return;
    const { pending } = this.#of(workspaceId);
    pending.set(connectionId, (pending.get(connectionId) ?? 0) + change);
  }

  /** Adds an entry in the format of `toText`. */
  addText(text: string): void {
    for (const [workspaceId, attempts, events, pending] of JSON.parse(text) as WorkspaceText[]) {
      for (const [minute, connectionId, eventType, outcome, cause, ...rest] of attempts) {
        const [added, deliveries, durationMs, classes, first = 0, last = first, deliveryId = null] = rest;
        const start = minute * MINUTE_MS;
        const { counts } = this.#attempts(
          workspaceId,
          { minute: start, connectionId, eventType, outcome, cause },
          { firstAt: start + first, lastAt: start + last, deliveryId },
        );
        counts.attempts += added;
        counts.deliveries += deliveries;
        counts.durationMs += durationMs;
        addClasses(counts.classes, classes);
      }
      for (const [minute, type, count, deliveries, exampleId, lastAcceptedAt] of events) {
        const { counts } = this.#events(workspaceId, minute * MINUTE_MS, type, { exampleId, lastAcceptedAt });
        counts.events += count;
        counts.deliveries += deliveries;
      }
      for (const [connectionId, change] of pending) this.addPending(workspaceId, connectionId, change);
    }
  }

  /** Null when there is nothing to add. */
  toText(): string | null {
    const texts = [...this.workspaces].map(
      ([workspaceId, { attempts, events, pending }]): WorkspaceText => [
        workspaceId,
        [...attempts.values()].map(attemptText),
        [...events.values()].map(eventText),
        [...pending].filter(([, change]) => change !== 0),
      ],
    );
    const filled = texts.filter(([, ...parts]) => parts.some(({ length }) => length > 0));
    return filled.length === 0 ? null : JSON.stringify(filled);
  }

  #of(workspaceId: string): WorkspaceEntry {
    let entry = this.workspaces.get(workspaceId);
    if (entry === undefined) {
      entry = { attempts: new Map(), events: new Map(), pending: new Map() };
      this.workspaces.set(workspaceId, entry);
    }
    return entry;
  }

  #attempts(
    workspaceId: string,
    of: Omit<AttemptSeries, "counts" | "ends">,
    ends: AttemptEnds,
  ): AttemptSeries {
    const { attempts } = this.#of(workspaceId);
    const key = `${of.minute} ${of.connectionId} ${of.outcome} ${of.eventType} ${of.cause}`;
    let series = attempts.get(key);
    if (series === undefined) {
      series = { ...of, counts: noCounts(), ends };
      attempts.set(key, series);
    } else {
      extend(series.ends, ends);
    }
    return series;
  }

  #events(
    workspaceId: string,
    minute: number,
    type: string,
    latest: Pick<EventSeries, "exampleId" | "lastAcceptedAt">,
  ): EventSeries {
    const { events } = this.#of(workspaceId);
    const key = `${minute} ${type}`;
    let series = events.get(key);
    if (series === undefined) {
      series = { minute, type, counts: noCounts(), ...latest };
      events.set(key, series);
    } else if (latest.lastAcceptedAt >= series.lastAcceptedAt) {
      Object.assign(series, latest);
    }
    return series;
  }
}

/**
 * Minutes since 1970, and duration classes as pairs of index and count: kept short, since the text is written and read
 * for every commit.
 */
type AttemptText = readonly [
  minute: number,
  connectionId: string,
  eventType: string,
  outcome: AttemptOutcome,
  cause: string,
  attempts: number,
  deliveries: number,
  durationMs: number,
  classes: readonly number[],
  /** Milliseconds into the minute; rows written by an earlier version end here. */
  firstAt?: number,
  lastAt?: number,
  deliveryId?: string,
];
type EventText = readonly [
  minute: number,
  type: string,
  events: number,
  deliveries: number,
  exampleId: string,
  lastAcceptedAt: number,
];
type WorkspaceText = readonly [
  workspaceId: string,
  attempts: readonly AttemptText[],
  events: readonly EventText[],
  pending: readonly (readonly [connectionId: string, change: number])[],
];

function attemptText({
  minute,
  connectionId,
  eventType,
  outcome,
  cause,
  counts,
  ends: { firstAt, lastAt, deliveryId },
}: AttemptSeries): AttemptText {
  const { attempts, deliveries, durationMs } = counts;
  const classes: number[] = [];
  for (const [index, count] of counts.classes.entries()) if (count > 0) classes.push(index, count);
  return [
    minute / MINUTE_MS,
    connectionId,
    eventType,
    outcome,
    cause,
    attempts,
    deliveries,
    durationMs,
    classes,
    firstAt - minute,
    lastAt - minute,
    ...ofFailure(deliveryId),
  ];
}

function ofFailure(deliveryId: string | null): readonly [] | readonly [string] {
  return deliveryId === null ? [] : [deliveryId];
}

function eventText({ minute, type, counts, exampleId, lastAcceptedAt }: EventSeries): EventText {
  return [minute / MINUTE_MS, type, counts.events, counts.deliveries, exampleId, lastAcceptedAt];
}

/** `pairs` alternates between index and count. */
function addClasses(classes: number[], pairs: readonly number[]): void {
  for (let position = 0; position < pairs.length; position += 2) {
    const index = pairs[position] ?? 0;
    classes[index] = (classes[index] ?? 0) + (pairs[position + 1] ?? 0);
  }
}

function extend(ends: AttemptEnds, { firstAt, lastAt, deliveryId }: AttemptEnds): void {
  ends.firstAt = Math.min(ends.firstAt, firstAt);
  if (lastAt < ends.lastAt) return;
  ends.lastAt = lastAt;
  ends.deliveryId = deliveryId ?? ends.deliveryId;
}

function minuteOf(time: number): number {
  return time - (time % MINUTE_MS);
}
