import { ATTEMPTS_MAX } from "../../../src/domain/retry-schedule.ts";
import type { Delivery } from "../api/types.ts";
import { spanOf } from "../text/span.ts";
import type { StatusName } from "../ui/status.tsx";

export type DeliveryState = Pick<
  Delivery,
  "status" | "trigger" | "attempt_count" | "next_attempt_at" | "error_code"
>;

type StatusWords = {
  readonly name: StatusName;
  readonly words: string;
  /** What follows the words, and changes every second: "in 4 min". */
  readonly countdown?: string;
};

/** What a delivery is at now. Only an answer of the receiver makes it delivered; until that is recorded it is queued. */
export function statusWords(delivery: DeliveryState, nowMs: number): StatusWords {
  if (delivery.status === "pending") return waitingWords(delivery, nowMs);
  if (delivery.status === "delivered") return { name: "delivered", words: "Delivered" };
  if (delivery.status === "cancelled") return { name: "cancelled", words: "Cancelled" };
  return delivery.error_code?.startsWith("blocked_")
    ? { name: "blocked", words: "Blocked" }
    : { name: "failed", words: "Failed" };
}

function waitingWords(delivery: DeliveryState, nowMs: number): StatusWords {
  const wait = waitOf(delivery, nowMs);
  if (wait === null) {
    const isReplay = delivery.trigger === "manual" && delivery.attempt_count > 0;
    return { name: "queued", words: isReplay ? "Replay queued" : "Queued" };
  }
  return delivery.attempt_count === 0
    ? { name: "queued", words: "First attempt", countdown: `in ${wait}` }
    : { name: "retrying", words: "Retrying", countdown: `in ${wait}` };
}

/** What comes next for a delivery that waits; null for one that is over. */
export function nextAttemptWords(delivery: DeliveryState, nowMs: number): string | null {
  if (delivery.status !== "pending") return null;
  const wait = waitOf(delivery, nowMs);
  // Due, but its connection may be paused, at rest or busy.
  const due = wait === null ? "as soon as its connection can" : `in ${wait}`;
  if (delivery.attempt_count === 0) return `Queued, first attempt ${due}.`;
  const number = delivery.attempt_count + 1;
  const what = delivery.trigger === "manual" ? "Replay" : "Retry";
  return number > ATTEMPTS_MAX ? `${what} ${due}.` : `${what} ${due}, attempt ${number} of ${ATTEMPTS_MAX}.`;
}

/** How long until its next attempt, in words; null when it is due or not going to have one. */
export function waitOf({ next_attempt_at: next }: DeliveryState, nowMs: number): string | null {
  if (next === null) return null;
  const waitMs = Date.parse(next) - nowMs;
  return waitMs > 0 ? spanOf(waitMs) : null;
}
