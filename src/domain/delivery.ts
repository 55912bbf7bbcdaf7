import type { SendFailureCode } from "./outcome.ts";

/**
 * A delivery's life:
 *
 * It is `pending` until an attempt is recorded; that it is being sent right now is known to the process that owns its
 * connection's queue, and to no one else. A 2xx makes it `delivered`. Any other outcome leaves it `pending` with a later
 * `next_attempt_at`, or makes it `failed` when its schedule is used up. No failure is final before that, a 410 not at all: it
 * pauses the connection, and the delivery stays `pending` for the resume. A test is never retried: its one attempt delivers
 * or fails it. Pending and failed ones can be `cancelled`; one that a receiver takes after all is `delivered`. A person may
 * retry a failed or delivered one, which makes it pending again, as a replay does, also of cancelled ones. When such a retry
 * fails and the schedule is used up, it is `failed` again, even at a 410. The moves are data in `next-delivery-state.ts`.
 */
export type DeliveryStatus = "pending" | "delivered" | "failed" | "cancelled";
export type AttemptTrigger = "schedule" | "manual" | "test";

/** The error a finished attempt shows: a failure before a response, or a response that was no 2xx. */
export type AttemptErrorCode = SendFailureCode | "http_status" | "redirect";
