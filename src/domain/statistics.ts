/** What an attempt came to. `retrying`: it failed, and its delivery will be tried again; `failed`: it was the last one. */
export const OUTCOMES = ["delivered", "retrying", "failed"] as const;
export type AttemptOutcome = (typeof OUTCOMES)[number];

/** What statistics can be filtered and grouped by. */
export const DIMENSIONS = ["connection", "event_type", "outcome", "cause"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** In place of a value: what an interval had no room for on its own. No id, event type or cause reads like that. */
export const OTHER = "*";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long minutes are kept; hours are kept as long as statuses. */
export const MINUTES_KEPT_MS = 2 * DAY_MS;

/** Why an attempt did not deliver, in terms that may be shown. */
export type Cause = {
  readonly errorCode: string;
  readonly responseStatus: number | null;
  /** Without labels that are tokens. */
  readonly host: string;
};

/** One text for one cause, such as `http_status/503/hooks.example.com` or `timeout/-/hooks.example.com`. */
export function causeText({ errorCode, responseStatus, host }: Cause): string {
  return `${errorCode}/${responseStatus ?? "-"}/${host}`;
}

/** The cause behind a text of `causeText`; null for any other text. */
export function readCause(text: string): Cause | null {
  const [, errorCode, status, host] = /^([a-z0-9_]+)\/(\d{3}|-)\/([^/]*)$/.exec(text) ?? [];
  if (errorCode === undefined || host === undefined) return null;
  return { errorCode, responseStatus: status === "-" ? null : Number(status), host };
}

/** What an interval is made up of in the database. */
export type StoredInterval = "minute" | "hour";

export const INTERVALS = ["minute", "hour", "day"] as const;
export type Interval = (typeof INTERVALS)[number];
export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
};

/**
 * Each view adds attempts up by some of the dimensions, always apart by outcome, so that no question has to walk through
 * combinations it does not ask for. `all` has every combination, by the hour alone.
 */
export const VIEWS = ["total", "connection", "event_type", "cause", "all"] as const;
export type View = (typeof VIEWS)[number];

/** The dimensions a view tells apart. */
export const VIEW_DIMENSIONS: Readonly<Record<View, readonly Dimension[]>> = {
  total: ["outcome"],
  connection: ["outcome", "connection", "cause"],
  event_type: ["outcome", "event_type"],
  cause: ["outcome", "cause"],
  all: ["outcome", "connection", "event_type", "cause"],
};

/** The smallest view that tells these dimensions apart. */
export function smallestView(dimensions: Iterable<Dimension>): View {
  const wanted = [...dimensions];
  const order: readonly View[] = ["total", "event_type", "cause", "connection", "all"];
  return order.find((view) => wanted.every((one) => VIEW_DIMENSIONS[view].includes(one))) ?? "all";
}
