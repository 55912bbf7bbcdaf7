import assert from "node:assert/strict";
import { test } from "node:test";
import { type HeardAttempt, isUnderWay, newerAttempt, SILENT_MAX_MS } from "./heard-attempt.ts";

const STARTED = "2026-06-06T12:00:00.000Z";
const BEFORE = "2026-06-06T11:59:59.000Z";
const LATER = "2026-06-06T12:00:01.000Z";
const HEARD_AT = 1_000_000;

const heard = (changed: object = {}): HeardAttempt =>
  ({
    attempt: { number: 2, started_at: STARTED, stage: "connect", ...changed },
    heardAtMs: HEARD_AT,
  }) as HeardAttempt;

const underWay = (delivery: object, nowMs = HEARD_AT, attempt = heard()) =>
  isUnderWay(
    attempt,
    { status: "pending", updated_at: STARTED, attempt_count: 1, attempts: [], ...delivery },
    nowMs,
  );

test("an attempt is in progress even before the page knows that its delivery is being sent", () => {
  assert.ok(underWay({ status: "pending", updated_at: BEFORE }));
  assert.ok(underWay({}));
});

test("an attempt remains in progress between the delivery's new status and the attempt's record", () => {
  const delivered = { status: "delivered", updated_at: LATER, attempt_count: 2 };
  assert.ok(underWay(delivered));
  assert.ok(!underWay({ ...delivered, attempts: [{ number: 2, started_at: STARTED }] }));
});

test("an attempt has ended when a later attempt is recorded, but not when an earlier one is", () => {
  assert.ok(!underWay({ attempts: [{ number: 3, started_at: LATER }] }));
  assert.ok(underWay({ attempts: [{ number: 1, started_at: BEFORE }] }));
  assert.ok(underWay({ attempts: [{ number: 2, started_at: BEFORE }] }), "sent twice, under one number");
});

test("an attempt has ended when its delivery was cancelled after it started", () => {
  assert.ok(!underWay({ status: "cancelled", updated_at: LATER }));
});

test("an attempt has ended when no report came for longer than any attempt takes", () => {
  assert.ok(underWay({}, HEARD_AT + SILENT_MAX_MS));
  assert.ok(!underWay({}, HEARD_AT + SILENT_MAX_MS + 1));
});

test("a later attempt replaces an earlier one, never the reverse", () => {
  const [earlier, later] = [heard({ started_at: BEFORE }), heard()];
  assert.equal(newerAttempt(earlier, later), later);
  assert.equal(newerAttempt(later, earlier), later);
  const next = heard({ stage: "tls" });
  assert.equal(newerAttempt(later, next), next);
  assert.equal(newerAttempt(null, later), later);
});
