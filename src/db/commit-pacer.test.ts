import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CommitPacer } from "./commit-pacer.ts";

suite("the next commit", () => {
  /** A process whose time the test controls. */
  const makeProcess = () => {
    let [active, idle] = [0, 0];
    const used = (a: number, b: number) => ({
      active: a,
      idle: b,
      utilization: a + b === 0 ? 0 : a / (a + b),
    });
    return {
      work: (ms: number) => {
        active += ms;
      },
      rest: (ms: number) => {
        idle += ms;
      },
      now: () => active + idle,
      eventLoopUtilization: (current?: { active: number; idle: number }, last?: typeof current) =>
        used((current?.active ?? active) - (last?.active ?? 0), (current?.idle ?? idle) - (last?.idle ?? 0)),
    };
  };
  /** Whether a commit begins after a previous one of 5 ms without waiting for a timer. */
  const beginsImmediately = async (pacer: CommitPacer) => {
    let hasBegun = false;
    pacer.addCommit(5);
    pacer.schedule(() => {
      hasBegun = true;
    });
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
    return hasBegun;
  };

  test("begins immediately, even after a burst of a few milliseconds", async () => {
    const process = makeProcess();
    const pacer = new CommitPacer(process);
    assert.equal(await beginsImmediately(pacer), true);
    process.work(30);
    assert.equal(await beginsImmediately(pacer), true);
    process.rest(100);
    assert.equal(await beginsImmediately(pacer), true);
  });

  test("waits for more items while the process has been busy for a while", async () => {
    const process = makeProcess();
    const pacer = new CommitPacer(process);
    process.work(200);
    assert.equal(await beginsImmediately(pacer), false);
    process.rest(200);
    assert.equal(await beginsImmediately(pacer), true);
  });
});
