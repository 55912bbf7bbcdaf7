import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nextConnectionStatus } from "./connection.ts";

suite("a connection", () => {
  const ROWS = [
    ["connected", "pause", "paused"],
    ["paused", "pause", "paused"],
    ["disconnected", "pause", null],
    ["connected", "resume", "connected"],
    ["paused", "resume", "connected"],
    ["disconnected", "resume", null],
    ["connected", "disconnect", "disconnected"],
    ["paused", "disconnect", "disconnected"],
    ["disconnected", "disconnect", "disconnected"],
    ["connected", "reconnect", "connected"],
    ["paused", "reconnect", "paused"],
    ["disconnected", "reconnect", "connected"],
  ] as const;

  for (const [status, verb, next] of ROWS) {
    test(`that is ${status} ${next === null ? "cannot" : `is ${next} after`} ${verb}`, () => {
      assert.equal(nextConnectionStatus(status, verb), next);
    });
  }
});
