import type { SendFailureCode } from "./outcome.ts";

/**
 * The life cycle of a delivery:
 *
 * A delivery is `pending` until an attempt is recorded; only the process that owns its connection's queue knows whether
 * it is being sent right now. A 2xx makes it `delivered`. Any other outcome leaves it `pending` with a later
 * `next_attempt_at`, or makes it `failed` when its schedule is used up. No earlier failure is final, not even a 410: it
 * pauses the connection, and the delivery stays `pending` until the connection is resumed. A test is never retried: its
 * one attempt delivers or fails it. Pending and failed deliveries can be `cancelled`; a failed or cancelled one that
 * the receiver accepts after all becomes `delivered`. A person can retry a failed or delivered one, and a replay also a
 * cancelled one, which makes it pending again. When such a retry fails and the schedule is used up, the delivery is
 * `failed` again, even at a 410. The transitions are data in `next-delivery-state.ts`.
 */
export type DeliveryStatus = "pending" | "delivered" | "failed" | "cancelled";
export type AttemptTrigger = "schedule" | "manual" | "test";

/** The error of a finished attempt: a failure before a response, or a response other than a 2xx. */
export type AttemptErrorCode = SendFailureCode | "http_status" | "redirect";
