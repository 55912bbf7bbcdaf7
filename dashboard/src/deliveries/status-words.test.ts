import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeliveryState, nextAttemptWords, nextWords, statusWords } from "./status-words.ts";

const now = Date.parse("2026-06-06T12:00:00.000Z");
const fresh: DeliveryState = {
  status: "pending",
  trigger: "schedule",
  attempt_count: 0,
  next_attempt_at: "2026-06-06T12:00:00.000Z",
  error_code: null,
  hold: null,
  is_sending: false,
};
const words = (changed: Partial<DeliveryState>) => {
  const { words, countdown } = statusWords({ ...fresh, ...changed }, now);
  return countdown === undefined ? words : `${words} ${countdown}`;
};
const next = (changed: Partial<DeliveryState>) => nextAttemptWords({ ...fresh, ...changed }, now);

test("says what a pending delivery waits for", () => {
  assert.equal(words({}), "Queued");
  assert.equal(words({ next_attempt_at: "2026-06-06T12:00:04.000Z" }), "First attempt in 4 s");
  assert.equal(words({ attempt_count: 2, next_attempt_at: "2026-06-06T12:04:00.000Z" }), "Retrying in 4 min");
  assert.equal(words({ attempt_count: 2 }), "Queued");
});

test("a replay is queued until it is sent, whatever its earlier result", () => {
  assert.equal(words({ trigger: "manual", attempt_count: 3 }), "Replay queued");
});

test("says how a delivery ended", () => {
  assert.equal(words({ status: "delivered", attempt_count: 1 }), "Delivered");
  assert.equal(words({ status: "failed", error_code: "timeout" }), "Failed");
  assert.equal(words({ status: "failed", error_code: "blocked_address" }), "Blocked");
  assert.equal(words({ status: "cancelled" }), "Cancelled");
});

test("says which attempt comes next, and when", () => {
  const in4s = "2026-06-06T12:00:04.000Z";
  assert.equal(next({}), "Queued, first attempt as soon as its turn comes.");
  assert.equal(next({ next_attempt_at: in4s }), "Queued, first attempt in 4 s.");
  assert.equal(next({ attempt_count: 2, next_attempt_at: in4s }), "Retry in 4 s, attempt 3 of 10.");
  assert.equal(next({ attempt_count: 2 }), "Retry as soon as its turn comes, attempt 3 of 10.");
  assert.equal(next({ trigger: "manual", attempt_count: 10 }), "Replay as soon as its turn comes.");
  assert.equal(next({ status: "delivered", next_attempt_at: null }), null);
});

test("says why a due delivery is held, and never that it is about to be sent", () => {
  const in28s = "2026-06-06T12:00:28.000Z";
  const over = "2026-06-06T11:59:59.000Z";
  const held = (reason: NonNullable<DeliveryState["hold"]>["reason"], until: string | null = null) => {
    const changed = { hold: { reason, until } };
    return [words(changed), nextWords({ ...fresh, ...changed }, now)];
  };
  assert.deepEqual(held("connection_paused"), ["Held: connection paused", "on resume"]);
  assert.deepEqual(held("receiver_failing", in28s), ["Held: receiver failing next try in 28 s", "in 28 s"]);
  assert.deepEqual(held("receiver_failing", over), ["Held: receiver failing next try soon", "soon"]);
  assert.deepEqual(held("retry_after", in28s), ["Held: receiver asked to wait 28 s left", "in 28 s"]);
  assert.deepEqual(held("rate_limit"), ["Held: rate limit", null]);
  assert.deepEqual(held("order"), ["Held: waits for an earlier one", null]);
  assert.deepEqual(held("queue"), ["Queued", null]);
  assert.match(next({ hold: { reason: "receiver_failing", until: in28s } }) ?? "", /probe, next in 28 s;/);
  assert.match(
    next({ hold: { reason: "connection_paused", until: null } }) ?? "",
    /^The connection is paused/,
  );
});

test("says that a delivery is being sent only while it is", () => {
  assert.equal(words({ is_sending: true }), "Sending");
  assert.equal(next({ is_sending: true }), null);
  assert.equal(words({ is_sending: true, status: "delivered" }), "Delivered");
});
