import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import type { AttemptTimings, Outcome } from "../domain/outcome.ts";

/**
 * What an attempt holds that can be worked out when it is read is not stored: headers that are the same in every request, or
 * that stand elsewhere, names of timings, and what a success means.
 */

/** In the order in which they are stored. */
const TIMINGS = ["queued", "dns", "connect", "tls", "sent", "first_byte", "total"] as const;

export function packTimings(timings: AttemptTimings): string {
  return JSON.stringify(TIMINGS.map((name) => timings[name]));
}

export function unpackTimings(stored: string): AttemptTimings {
  const values = JSON.parse(stored) as (number | null)[];
  const at = (index: number) => values[index] ?? null;
  return {
    queued: at(0),
    dns: at(1),
    connect: at(2),
    tls: at(3),
    sent: at(4),
    first_byte: at(5),
    total: at(6) ?? 0,
  };
}

type Headers = Readonly<Record<string, string>>;

/** In the order in which a request has them; the event's id and the timestamp come from elsewhere. */
function unvarying(eventId: string, timestamp: string | undefined): Headers {
  return {
    "content-type": "application/json",
    "x-opensend-integration-provider": "webhook",
    "webhook-id": eventId,
    ...(timestamp === undefined ? {} : { "x-opensend-timestamp": timestamp }),
  };
}

/** A request that was never made has no headers. */
export function packHeaders(headers: Headers, eventId: string): string {
  const known = unvarying(eventId, headers["webhook-timestamp"]);
  const varying = Object.entries(headers).filter(([name, value]) => known[name] !== value);
  // One that lacks what every request has is stored as it is.
  const isUsual = Object.keys(known).every((name) => headers[name] === known[name]);
  return JSON.stringify(isUsual ? Object.fromEntries(varying) : { ...headers, [AS_IT_IS]: "" });
}

/** No header's name is empty. */
const AS_IT_IS = "";

export function unpackHeaders(stored: string, eventId: string): Headers {
  const { [AS_IT_IS]: asItIs, ...headers } = JSON.parse(stored) as Record<string, string>;
  if (asItIs !== undefined) return headers;
  return { ...unvarying(eventId, headers["webhook-timestamp"]), ...headers };
}

/** What a success means follows from its status and the kind of receiver, which is stored in its place. */
export function packExplanation(explanation: Explanation, receiver: Receiver): string {
  return explanation.code === "delivered" ? receiver : JSON.stringify(explanation);
}

export function unpackExplanation(stored: string, status: number | null): Explanation {
  if (stored.startsWith("{")) return JSON.parse(stored) as Explanation;
  return explain(success(status ?? 200), { ...NOTHING_KNOWN, receiver: stored as Receiver });
}

const NOTHING_KNOWN = {
  host: "",
  port: "",
  isN8nTestUrl: false,
  bodyBytes: 0,
  retryAfterSeconds: null,
  redirectHost: null,
  isTest: false,
} as const;

function success(status: number): Outcome {
  const response = { status, statusText: "", headers: {}, body: "", truncated: false };
  return { kind: "response", response, timings: NO_TIMINGS };
}

const NO_TIMINGS = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 };
