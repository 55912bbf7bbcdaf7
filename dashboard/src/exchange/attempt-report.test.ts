import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptReport, isInProgress, newerReport, SILENT_MAX_MS } from "./attempt-report.ts";

const STARTED = "2026-06-06T12:00:00.000Z";
const BEFORE = "2026-06-06T11:59:59.000Z";
const LATER = "2026-06-06T12:00:01.000Z";
const RECEIVED_AT = 1_000_000;

const report = (changed: object = {}): AttemptReport =>
  ({
    attempt: { number: 2, started_at: STARTED, stage: "connect", ...changed },
    receivedAtMs: RECEIVED_AT,
  }) as AttemptReport;

const inProgress = (delivery: object, nowMs = RECEIVED_AT, attempt = report()) =>
  isInProgress(
    attempt,
    { status: "pending", updated_at: STARTED, attempt_count: 1, attempts: [], ...delivery },
    nowMs,
  );

test("an attempt is in progress even before the page knows that its delivery is being sent", () => {
  assert.ok(inProgress({ status: "pending", updated_at: BEFORE }));
  assert.ok(inProgress({}));
});

test("an attempt remains in progress between the delivery's new status and the attempt's record", () => {
  const delivered = { status: "delivered", updated_at: LATER, attempt_count: 2 };
  assert.ok(inProgress(delivered));
  assert.ok(!inProgress({ ...delivered, attempts: [{ number: 2, started_at: STARTED }] }));
});

test("an attempt has ended when a later attempt is recorded, but not when an earlier one is", () => {
  assert.ok(!inProgress({ attempts: [{ number: 3, started_at: LATER }] }));
  assert.ok(inProgress({ attempts: [{ number: 1, started_at: BEFORE }] }));
  assert.ok(inProgress({ attempts: [{ number: 2, started_at: BEFORE }] }), "sent twice, under one number");
});

test("an attempt has ended when its delivery was cancelled after it started", () => {
  assert.ok(!inProgress({ status: "cancelled", updated_at: LATER }));
});

test("an attempt has ended when no report came for longer than any attempt takes", () => {
  assert.ok(inProgress({}, RECEIVED_AT + SILENT_MAX_MS));
  assert.ok(!inProgress({}, RECEIVED_AT + SILENT_MAX_MS + 1));
});

test("a later attempt replaces an earlier one, never the reverse", () => {
  const [earlier, later] = [report({ started_at: BEFORE }), report()];
  assert.equal(newerReport(earlier, later), later);
  assert.equal(newerReport(later, earlier), later);
  const next = report({ stage: "tls" });
  assert.equal(newerReport(later, next), next);
  assert.equal(newerReport(null, later), later);
});
