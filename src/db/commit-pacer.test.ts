import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CommitPacer } from "./commit-pacer.ts";

suite("the next commit", () => {
  const work = (ms: number) => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < ms);
  };
  /** Whether it begins after the commit before it has taken 5 ms, without waiting for a timer. */
  const beginsImmediately = async (pacer: CommitPacer) => {
    let hasBegun = false;
    pacer.noteCommit(5);
    pacer.schedule(() => {
      hasBegun = true;
    });
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
    return hasBegun;
  };

  test("begins immediately, also after a burst that fills some milliseconds", async () => {
    const pacer = new CommitPacer();
    assert.equal(await beginsImmediately(pacer), true);
    work(30);
    assert.equal(await beginsImmediately(pacer), true);
  });

  test("lets more gather in a process that has been busy for a while", async () => {
    const pacer = new CommitPacer();
    work(200);
    assert.equal(await beginsImmediately(pacer), false);
  });
});
