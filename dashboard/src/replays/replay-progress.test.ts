import assert from "node:assert/strict";
import { test } from "node:test";
import type { Replay } from "../api/types.ts";
import { doneCount, notStartedCount, pendingOf } from "./replay-progress.ts";

const replay = {
  status: "running",
  total: 100,
  queued: 40,
  delivered: 20,
  failed: 5,
  skipped: 10,
  rate_per_second: 10,
} as Replay;

test("adds up finished, pending and not started deliveries", () => {
  assert.equal(doneCount(replay), 35);
  assert.equal(pendingOf(replay), 15);
  assert.equal(notStartedCount(replay), 50);
});
