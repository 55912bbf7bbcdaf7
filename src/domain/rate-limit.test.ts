import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addToRate, nextInRate, requestsInRate } from "./rate-limit.ts";

const START = 1_000_000;

/** Sends every request as soon as it is allowed, for `forMs`; returns the times of all requests. */
function greedy(perMinute: number, forMs: number): number[] {
  const left: number[] = [];
  let usedUntil = 0;
  let now = START;
  while (now < START + forMs) {
    const room = requestsInRate({ perMinute, usedUntil }, now);
    for (let one = 0; one < room; one++) left.push(now);
    if (room > 0) usedUntil = addToRate({ perMinute, usedUntil }, room, now);
    const next = nextInRate({ perMinute, usedUntil }, now);
    assert.ok(room > 0 || next > now, "waiting makes sense");
    now = Math.max(next, now + 1);
  }
  return left;
}

describe("the rate limit", () => {
  for (const perMinute of [1, 7, 60, 61, 600, 6000, 60_000]) {
    it(`allows ${perMinute} requests per minute, evenly, with bursts of one second's worth at most`, () => {
      const left = greedy(perMinute, 10 * 60_000);
      const burst = Math.max(1, Math.floor(perMinute / 60));
      assert.ok(left.length <= 10 * perMinute + burst, `${left.length} left`);
      assert.ok(left.length >= 10 * perMinute * 0.98, `only ${left.length} left`);
      let first = 0;
      for (const [index, at] of left.entries()) {
        while ((left[first] ?? 0) <= at - 60_000) first++;
        assert.ok(index - first + 1 <= perMinute + burst, "in any minute");
      }
    });
  }

  for (const [perMinute, atOnce] of [
    [1, 1],
    [59, 1],
    [90, 1],
    [119, 1],
    [120, 2],
    [179, 2],
    [60_000, 1000],
  ] as const) {
    it(`allows a burst of ${atOnce} at ${perMinute} per minute: the whole requests of one second's worth, at least one`, () => {
      assert.equal(requestsInRate({ perMinute, usedUntil: 0 }, START), atOnce);
      const usedUntil = addToRate({ perMinute, usedUntil: 0 }, atOnce, START);
      assert.equal(requestsInRate({ perMinute, usedUntil }, START), 0);
      const next = nextInRate({ perMinute, usedUntil }, START);
      assert.ok(next > START && next <= START + Math.ceil(60_000 / perMinute) + 1, `the next at ${next}`);
    });
  }

  it("does not save up unused requests", () => {
    const usedUntil = addToRate({ perMinute: 60, usedUntil: 0 }, 1, START);
    assert.equal(requestsInRate({ perMinute: 60, usedUntil }, START), 0);
    assert.equal(requestsInRate({ perMinute: 60, usedUntil }, START + 3_600_000), 1);
  });

  for (const perMinute of [1, 7, 60, 600, 60_000]) {
    it(`of ${perMinute} per minute is fully available after the clock was set back by an hour`, () => {
      const burst = Math.max(1, Math.floor(perMinute / 60));
      const usedUntil = addToRate({ perMinute, usedUntil: 0 }, burst, START + 3_600_000);
      assert.equal(
        requestsInRate({ perMinute, usedUntil }, START + 3_600_000),
        0,
        "by the clock that wrote it",
      );
      assert.equal(requestsInRate({ perMinute, usedUntil }, START), burst);
      assert.equal(nextInRate({ perMinute, usedUntil }, START), START);
      assert.ok(addToRate({ perMinute, usedUntil }, 1, START) <= START + 60_001);
    });
  }
});
