import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { keepAliveTimeoutMs } from "./keep-alive.ts";

suite("an unused connection", () => {
  const ROWS: readonly (readonly [header: string | undefined, timeoutMs: number])[] = [
    [undefined, 4_000],
    ["", 4_000],
    ["max=100", 4_000],
    ["timeout=5", 4_000],
    ["timeout=5, max=100", 4_000],
    ["max=100,timeout=30", 29_000],
    ['Timeout = "20"', 19_000],
    ["timeout=1", 0],
    ["timeout=0", 0],
    ["timeout=86400", 60_000],
  ];
  for (const [header, timeoutMs] of ROWS) {
    test(`is kept for ${timeoutMs} ms after ${header === undefined ? "no Keep-Alive" : `"${header}"`}`, () => {
      assert.equal(keepAliveTimeoutMs(header), timeoutMs);
    });
  }
});
