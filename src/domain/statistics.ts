/**
 * The outcome of an attempt. `retrying`: it failed, and its delivery will be retried; `failed`: it was the last one.
 */
export const OUTCOMES = ["delivered", "retrying", "failed"] as const;
export type AttemptOutcome = (typeof OUTCOMES)[number];

/** Dimensions by which statistics can be filtered and grouped. */
export const DIMENSIONS = ["connection", "event_type", "outcome", "cause"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Replaces values that an interval had no room to count separately. No id, event type or cause looks like this. */
export const OTHER = "*";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long counts per minute are kept; counts per hour are kept as long as statuses. */
export const MINUTES_KEPT_MS = 2 * DAY_MS;

/** The cause of a failed attempt, in public terms. */
export type Cause = {
  readonly errorCode: string;
  readonly responseStatus: number | null;
  /** Without token labels. */
  readonly host: string;
};

/** A cause as text, such as `http_status/503/hooks.example.com` or `timeout/-/hooks.example.com`. */
export function causeText({ errorCode, responseStatus, host }: Cause): string {
  return `${errorCode}/${responseStatus ?? "-"}/${host}`;
}

/** The cause that `causeText` wrote; null for any other text. */
export function readCause(text: string): Cause | null {
  const [, errorCode, status, host] = /^([a-z0-9_]+)\/(\d{3}|-)\/([^/]*)$/.exec(text) ?? [];
  if (errorCode === undefined || host === undefined) return null;
  return { errorCode, responseStatus: status === "-" ? null : Number(status), host };
}

/** Intervals for which the database has counts. */
export type StoredInterval = "minute" | "hour";

export const INTERVALS = ["minute", "hour", "day"] as const;
export type Interval = (typeof INTERVALS)[number];
export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
};

/**
 * Each view counts attempts by some of the dimensions, always separated by outcome, so that no query reads combinations
 * it does not ask for. `all` has every combination, but only per hour.
 */
export const VIEWS = ["total", "connection", "event_type", "cause", "all"] as const;
export type View = (typeof VIEWS)[number];

/** The dimensions that a view separates. */
export const VIEW_DIMENSIONS: Readonly<Record<View, readonly Dimension[]>> = {
  total: ["outcome"],
  connection: ["outcome", "connection", "cause"],
  event_type: ["outcome", "event_type"],
  cause: ["outcome", "cause"],
  all: ["outcome", "connection", "event_type", "cause"],
};

/** The smallest view that separates these dimensions. */
export function smallestView(dimensions: Iterable<Dimension>): View {
  const wanted = [...dimensions];
  const order: readonly View[] = ["total", "event_type", "cause", "connection", "all"];
  return order.find((view) => wanted.every((one) => VIEW_DIMENSIONS[view].includes(one))) ?? "all";
}
