import type { SeededRandom } from "./random.ts";
import type { ReceiverKind } from "./receivers.ts";
import type { TroubleKind } from "./responses.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A period during which a share of the attempts at a connection fails. Times are epoch milliseconds. */
export type Trouble = {
  readonly from: number;
  readonly until: number;
  readonly share: number;
  readonly kind: TroubleKind;
  /** Whether the receiver asks for a pause that lasts beyond the end of the history. */
  readonly hasLongPause?: boolean;
};

/** The history of a connection. */
export type Behavior = {
  readonly troubles: readonly Trouble[];
  /** When a person paused or disconnected it. */
  readonly pausedAt: number | null;
  readonly disconnectedAt: number | null;
  /** The event types it subscribes to, by how often they are sent; `retired` types are no longer sent. */
  readonly traffic: "frequent" | "any" | "retired";
  /** The only kind of receiver that fails in this way; null for any. */
  readonly receiver: ReceiverKind | null;
};

type History = { readonly from: number; readonly until: number };
type Persona = {
  /** Out of a hundred connections. */
  readonly weight: number;
  readonly plan: (history: History, random: SeededRandom, index: number) => Behavior;
};

const QUIET: Behavior = {
  troubles: [],
  pausedAt: null,
  disconnectedAt: null,
  traffic: "any",
  receiver: null,
};

/** Each has failed in its own way since last night. */
const LAST_NIGHT: readonly { readonly kind: TroubleKind; readonly receiver: ReceiverKind | null }[] = [
  { kind: "unauthorized", receiver: "custom" },
  { kind: "n8n_inactive", receiver: "n8n" },
  { kind: "unavailable", receiver: "custom" },
  { kind: "timeout", receiver: null },
  { kind: "tls_expired", receiver: "n8n" },
  { kind: "dns_not_found", receiver: "custom" },
  { kind: "connection_refused", receiver: "custom" },
];

/** The kinds of connections in an instance, the most frequent first. */
export const PERSONAS: readonly Persona[] = [
  { weight: 76, plan: healthy },
  { weight: 6, plan: inBursts },
  { weight: 5, plan: failingSinceLastNight },
  { weight: 3, plan: rateLimited },
  { weight: 1.5, plan: rejecting },
  { weight: 1.5, plan: pausedByReceiver },
  { weight: 2, plan: pausedManually },
  { weight: 2, plan: disconnected },
  { weight: 2, plan: idle },
  { weight: 0.5, plan: gone },
  { weight: 0.5, plan: failingForDays },
];

/** Occasional failures, which every connection has. */
function noise({ from, until }: History, random: SeededRandom): Trouble {
  return {
    from,
    until,
    share: 0.004 * random.next(),
    kind: random.pick(["server_error", "bad_gateway", "timeout"]),
  };
}

function healthy(history: History, random: SeededRandom): Behavior {
  return { ...QUIET, troubles: [noise(history, random)] };
}

function inBursts(history: History, random: SeededRandom): Behavior {
  const kind = random.pick(["server_error", "unavailable", "bad_gateway", "timeout"] as const);
  const troubles = Array.from({ length: random.int(1, 5) }, () => {
    const from = random.int(history.from, history.until - HOUR_MS);
    return { from, until: from + random.int(10, 55) * MINUTE_MS, share: 0.8, kind };
  });
  return { ...QUIET, troubles: [...troubles, noise(history, random)] };
}

function failingSinceLastNight(history: History, random: SeededRandom, index: number): Behavior {
  const from = lastNight(history) + random.int(0, 40) * MINUTE_MS;
  const { kind, receiver } = LAST_NIGHT[index % LAST_NIGHT.length] ?? { kind: "timeout", receiver: null };
  const troubles = [{ from, until: Number.POSITIVE_INFINITY, share: 1, kind }, noise(history, random)];
  return { ...QUIET, troubles, traffic: "frequent", receiver };
}

/** 22:04 UTC, at least three hours before the end; in a short history, after its first half. */
function lastNight({ from, until }: History): number {
  const latest = until - 3 * HOUR_MS;
  const evening = latest - (latest % DAY_MS) + 22 * HOUR_MS + 4 * MINUTE_MS;
  return Math.max(evening <= latest ? evening : evening - DAY_MS, (from + until) / 2);
}

/** At noon more events are sent than the receiver accepts. */
function rateLimited(history: History, random: SeededRandom): Behavior {
  const days = Math.ceil((history.until - history.from) / DAY_MS);
  const troubles = Array.from({ length: days }, (_, day): Trouble => {
    const from = history.from - (history.from % DAY_MS) + day * DAY_MS + 11 * HOUR_MS;
    return { from, until: from + 3 * HOUR_MS, share: 0.25, kind: "rate_limited" };
  });
  return { ...QUIET, troubles: [...troubles, noise(history, random)] };
}

/** Some messages are never accepted: they fail permanently after three days. */
function rejecting({ from, until }: History): Behavior {
  return { ...QUIET, troubles: [{ from, until, share: 0.35, kind: "unprocessable" }] };
}

const PAUSED_FOR_MS = 40 * MINUTE_MS;

function pausedByReceiver(history: History, random: SeededRandom): Behavior {
  const pause: Trouble = {
    from: history.until - PAUSED_FOR_MS,
    until: Number.POSITIVE_INFINITY,
    share: 1,
    kind: "rate_limited",
    hasLongPause: true,
  };
  return { ...QUIET, troubles: [pause, noise(history, random)], traffic: "frequent", receiver: "slack" };
}

function pausedManually(history: History, random: SeededRandom): Behavior {
  const longestMs = (history.until - history.from) / 2;
  const pausedAt = history.until - Math.min(random.int(2, 70) * HOUR_MS, longestMs);
  return { ...healthy(history, random), pausedAt, traffic: "frequent" };
}

/** It failed for a while, and a person disconnected it. */
function disconnected(history: History, random: SeededRandom): Behavior {
  const disconnectedAt = random.int(history.from + HOUR_MS, history.until - HOUR_MS);
  const from = disconnectedAt - random.int(10, 40) * HOUR_MS;
  const troubles = [{ from, until: Number.POSITIVE_INFINITY, share: 1, kind: "unavailable" as const }];
  return { ...QUIET, troubles, disconnectedAt, traffic: "frequent" };
}

function idle(history: History, random: SeededRandom): Behavior {
  return { ...healthy(history, random), traffic: "retired" };
}

/** Paused by a 410. */
function gone(history: History): Behavior {
  const from = (history.from + 3 * history.until) / 4;
  return {
    ...QUIET,
    troubles: [{ from, until: Number.POSITIVE_INFINITY, share: 1, kind: "gone" }],
    traffic: "frequent",
    receiver: "make",
  };
}

/** Paused after five days of nothing but failures, if the history is long enough. */
function failingForDays(history: History): Behavior {
  const from = Math.max(history.from, history.until - 6.5 * DAY_MS);
  return {
    ...QUIET,
    troubles: [{ from, until: Number.POSITIVE_INFINITY, share: 1, kind: "connection_refused" }],
    traffic: "frequent",
    receiver: "custom",
  };
}
