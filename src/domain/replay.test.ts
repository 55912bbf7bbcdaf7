import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { failuresAfter, nextReplayStatus, nextStepAt, stepCapacity } from "./replay.ts";

describe("replay", () => {
  it("can be paused while it runs, resumed while it is paused, and stopped until it has ended", () => {
    assert.equal(nextReplayStatus("running", "pause"), "paused");
    assert.equal(nextReplayStatus("paused", "resume"), "running");
    for (const status of ["running", "paused"] as const)
      assert.equal(nextReplayStatus(status, "stop"), "stopped");
    for (const status of ["stopped", "completed"] as const) {
      for (const verb of ["pause", "resume", "stop"] as const)
        assert.equal(nextReplayStatus(status, verb), null);
    }
    assert.equal(nextReplayStatus("paused", "pause"), null);
    assert.equal(nextReplayStatus("running", "resume"), null);
  });

  it("counts consecutive failures, of which five are too many even if a success follows", () => {
    const of = (text: string) => [...text].map((letter) => ({ ok: letter === "+" }));
    assert.deepEqual(failuresAfter(0, of("--+--")), { consecutiveFailures: 2, isTooMany: false });
    assert.deepEqual(failuresAfter(2, of("--")), { consecutiveFailures: 4, isTooMany: false });
    assert.deepEqual(failuresAfter(2, of("---")), { consecutiveFailures: 5, isTooMany: true });
    assert.deepEqual(failuresAfter(4, of("-+")), { consecutiveFailures: 0, isTooMany: true });
    assert.deepEqual(failuresAfter(4, of("+----")), { consecutiveFailures: 4, isTooMany: false });
  });

  it("keeps its rate whenever its steps run", () => {
    const rate = fc.integer({ min: 1, max: 100 });
    const gaps = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rate, gaps, (ratePerSecond, gapsMs) => {
        let [now, dueAt, taken] = [0, 0, 0];
        for (const gap of [0, ...gapsMs]) {
          now += gap;
          if (now < dueAt) continue;
          const capacity = stepCapacity(ratePerSecond, dueAt, now);
          assert.ok(capacity >= 1 && capacity <= 5 * ratePerSecond, `${capacity} in one step`);
          dueAt = nextStepAt({ ratePerSecond, dueAt, taken: capacity }, now);
          taken += capacity;
          assert.ok(taken <= (ratePerSecond * (now + 1000)) / 1000, "never faster");
        }
        // The last due step was at most one second and one gap ago.
        assert.ok(taken >= (ratePerSecond * (now - 3000)) / 1000 - 1 - gapsMs.length / 10, "hardly slower");
      }),
    );
  });

  it("does not fully catch up after a time without steps", () => {
    assert.equal(stepCapacity(100, 0, 60_000), 500);
    const next = nextStepAt({ ratePerSecond: 100, dueAt: 0, taken: 500 }, 60_000);
    assert.equal(next, 61_000);
    assert.equal(stepCapacity(100, next, next), 100);
  });
});
