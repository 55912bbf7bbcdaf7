import { ATTEMPTS_MAX } from "../../../src/domain/retry-schedule.ts";
import type { Delivery } from "../api/types.ts";
import { spanOf } from "../text/span.ts";
import type { StatusName } from "../ui/status.tsx";

export type DeliveryState = Pick<
  Delivery,
  "status" | "trigger" | "attempt_count" | "next_attempt_at" | "error_code" | "hold" | "is_sending"
>;

type StatusWords = {
  readonly name: StatusName;
  readonly words: string;
  /** For a narrow column. */
  readonly short: string;
  /** Follows the words and changes every second: "in 4 min". */
  readonly countdown?: string;
};

type HoldReason = NonNullable<Delivery["hold"]>["reason"];

/** Why a delivery is held, after "Held: ". A delivery that only waits for its turn is queued, not held. */
const HOLD_WORDS: Readonly<Record<Exclude<HoldReason, "queue">, string>> = {
  connection_paused: "connection paused",
  receiver_failing: "receiver failing",
  retry_after: "receiver asked to wait",
  rate_limit: "rate limit",
  order: "waits for an earlier one",
};

/**
 * The current status in words. Only a response from the receiver makes a delivery delivered; until it is recorded, the
 * delivery is pending.
 */
export function statusWords(delivery: DeliveryState, nowMs: number): StatusWords {
  if (delivery.status === "pending") return pendingWords(delivery, nowMs);
  if (delivery.status === "delivered") return plain("delivered", "Delivered");
  if (delivery.status === "cancelled") return plain("cancelled", "Cancelled");
  return delivery.error_code?.startsWith("blocked_")
    ? plain("blocked", "Blocked")
    : plain("failed", "Failed");
}

function plain(name: StatusName, words: string): StatusWords {
  return { name, words, short: words };
}

function pendingWords(delivery: DeliveryState, nowMs: number): StatusWords {
  if (delivery.is_sending) return plain("sending", "Sending");
  const { hold } = delivery;
  if (hold && hold.reason !== "queue") return heldWords(hold.reason, holdWait(delivery, nowMs));
  const wait = waitOf(delivery, nowMs);
  if (wait === null) {
    const isReplay = delivery.trigger === "manual" && delivery.attempt_count > 0;
    return { name: "queued", words: isReplay ? "Replay queued" : "Queued", short: "Queued" };
  }
  return delivery.attempt_count === 0
    ? { name: "queued", words: "First attempt", short: "Queued", countdown: `in ${wait}` }
    : { name: "retrying", words: "Retrying", short: "Retrying", countdown: `in ${wait}` };
}

function heldWords(reason: Exclude<HoldReason, "queue">, wait: string | null): StatusWords {
  const held = { name: "held", words: `Held: ${HOLD_WORDS[reason]}`, short: "Held" } as const;
  if (reason === "receiver_failing")
    return { ...held, countdown: `next try ${wait === null ? "soon" : `in ${wait}`}` };
  return wait === null ? held : { ...held, countdown: `${wait} left` };
}

/** When a pending delivery is sent next, for a list; null when unknown. */
export function nextWords(delivery: DeliveryState, nowMs: number): string | null {
  if (delivery.status !== "pending" || delivery.is_sending) return null;
  const { hold } = delivery;
  if (hold?.reason === "connection_paused") return "on resume";
  const wait = hold ? holdWait(delivery, nowMs) : waitOf(delivery, nowMs);
  if (wait !== null) return `in ${wait}`;
  return hold?.reason === "receiver_failing" ? "soon" : null;
}

/** The next step of a pending delivery, as a sentence; null once it has ended or while it is being sent. */
export function nextAttemptWords(delivery: DeliveryState, nowMs: number): string | null {
  if (delivery.status !== "pending" || delivery.is_sending) return null;
  const { hold } = delivery;
  if (hold && hold.reason !== "queue") return holdSentence(hold.reason, holdWait(delivery, nowMs));
  const wait = waitOf(delivery, nowMs);
  const due = wait === null ? "as soon as its turn comes" : `in ${wait}`;
  if (delivery.attempt_count === 0) return `Queued, first attempt ${due}.`;
  const number = delivery.attempt_count + 1;
  const what = delivery.trigger === "manual" ? "Replay" : "Retry";
  return number > ATTEMPTS_MAX ? `${what} ${due}.` : `${what} ${due}, attempt ${number} of ${ATTEMPTS_MAX}.`;
}

function holdSentence(reason: Exclude<HoldReason, "queue">, wait: string | null): string {
  switch (reason) {
    case "connection_paused":
      return "The connection is paused. Nothing is sent until someone resumes it.";
    case "receiver_failing":
      return `The receiver is failing. One delivery at a time is sent as a probe, next ${wait === null ? "soon" : `in ${wait}`}; the others wait until one succeeds.`;
    case "retry_after":
      return `The receiver asked to wait (Retry-After). Next attempt ${wait === null ? "soon" : `in ${wait}`}.`;
    case "rate_limit":
      return "The connection has reached its rate limit. Next attempt as soon as the limit allows.";
    case "order":
      return "This connection keeps the order of events: an earlier delivery has to succeed or give up first.";
  }
}

/** The remaining time of the hold, in words; null when unknown or already over. */
function holdWait({ hold }: DeliveryState, nowMs: number): string | null {
  return hold?.until ? spanUntil(hold.until, nowMs) : null;
}

/** The time until the next attempt, in words; null when it is due or there is none. */
export function waitOf({ next_attempt_at: next }: DeliveryState, nowMs: number): string | null {
  return next === null ? null : spanUntil(next, nowMs);
}

function spanUntil(iso: string, nowMs: number): string | null {
  const waitMs = Date.parse(iso) - nowMs;
  return waitMs > 0 ? spanOf(waitMs) : null;
}
