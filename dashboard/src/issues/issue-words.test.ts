import assert from "node:assert/strict";
import { test } from "node:test";
import { readIssueFilter } from "./issue-filter.ts";
import { replayFilterOf } from "./issue-replay.ts";
import { countWords, isOnlyWaiting, sinceWords, whyNotReplay } from "./issue-words.ts";

const issue = {
  failed_deliveries: 422,
  retrying_attempts: 9,
  waiting_deliveries: 1164,
  state: "open",
} as const;

test("counts failed and waiting deliveries", () => {
  assert.equal(countWords(issue), "422 deliveries failed, 1,164 waiting");
  assert.equal(countWords({ ...issue, waiting_deliveries: 0 }), "422 deliveries failed");
  assert.equal(
    countWords({ ...issue, failed_deliveries: 0, retrying_attempts: 1 }),
    "1 attempt failed, 1,164 waiting",
  );
  assert.equal(
    countWords({ ...issue, state: "resolved" }),
    "422 deliveries failed",
    "what waits now has another cause",
  );
});

test("says why there is nothing to replay", () => {
  assert.equal(whyNotReplay(issue), null);
  assert.equal(whyNotReplay({ ...issue, failed_deliveries: 0 }), "No delivery failed permanently.");
});

test("detects when deliveries only wait for their next attempt", () => {
  assert.equal(isOnlyWaiting(issue), false);
  assert.equal(isOnlyWaiting({ ...issue, failed_deliveries: 0 }), true);
  assert.equal(isOnlyWaiting({ ...issue, failed_deliveries: 0, waiting_deliveries: 0 }), false);
  assert.equal(isOnlyWaiting({ ...issue, failed_deliveries: 0, state: "resolved" }), false);
});

test("includes the day only when it is not today", () => {
  const now = new Date(2026, 5, 6, 23, 30).getTime();
  assert.equal(sinceWords(new Date(2026, 5, 6, 22, 4).toISOString(), now), "22:04");
  assert.equal(sinceWords(new Date(2026, 5, 5, 22, 4).toISOString(), now), "Jun 5, 22:04");
});

test("replays deliveries created early enough for their last retry to fail in the issue", () => {
  const cause = {
    connection_id: "c",
    error_code: "http_status",
    response_status: 401,
    first_seen_at: "2026-06-06T00:00:00.000Z",
  };
  assert.deepEqual(replayFilterOf(cause), {
    status: ["failed"],
    connection_id: "c",
    error_code: "http_status",
    response_status: "401",
    created_from: "2026-06-02T00:00:00.000Z",
  });
  assert.equal("response_status" in replayFilterOf({ ...cause, response_status: null }), false);
});

test("selects open issues by default", () => {
  assert.deepEqual(readIssueFilter({ state: "open", connection: "x" }), {
    state: undefined,
    connection: undefined,
  });
  assert.equal(readIssueFilter({ state: "muted" }).state, "muted");
});
