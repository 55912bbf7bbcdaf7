import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Deadlines, DeadlinesByDuration } from "./deadlines.ts";

function expiring(): { expire(): void; readonly expired: Promise<number> } {
  const { promise, resolve } = Promise.withResolvers<number>();
  return { expire: () => resolve(performance.now()), expired: promise };
}

/** Keeps the process alive while waiting for the deadlines' timer, which does not. */
async function staying<T>(promise: Promise<T>): Promise<T> {
  const alive = setInterval(() => undefined, 1_000);
  try {
    return await promise;
  } finally {
    clearInterval(alive);
  }
}

suite("deadlines", () => {
  test("end each subject when its time has passed, and not before", async () => {
    const deadlines = new Deadlines(60);
    const startedAt = performance.now();
    const [first, second] = [expiring(), expiring()];
    deadlines.start(first);
    deadlines.start(second);
    for (const { expired } of [first, second]) assert.ok((await staying(expired)) - startedAt >= 59.9);
  });

  test("skip cleared subjects", async () => {
    const deadlines = new Deadlines(30);
    const [cleared, kept] = [expiring(), expiring()];
    let endedTooMuch = false;
    void cleared.expired.then(() => {
      endedTooMuch = true;
    });
    deadlines.start(cleared);
    deadlines.start(kept);
    deadlines.clear(cleared);
    await staying(kept.expired);
    assert.equal(endedTooMuch, false);
  });

  test("include subjects that start while others end", async () => {
    const deadlines = new Deadlines(20);
    const next = expiring();
    deadlines.start({ expire: () => deadlines.start(next) });
    const meanwhile = expiring();
    deadlines.start(meanwhile);
    await staying(Promise.all([meanwhile.expired, next.expired]));
  });

  test("start again after a time without subjects", async () => {
    const deadlines = new Deadlines(10);
    for (let round = 0; round < 3; round += 1) {
      const subject = expiring();
      deadlines.start(subject);
      await staying(subject.expired);
    }
  });

  test("of different durations end on time, also a short one that began later", async () => {
    const deadlines = new DeadlinesByDuration();
    const [long, short] = [expiring(), expiring()];
    const startedAt = performance.now();
    deadlines.of(90).start(long);
    deadlines.of(20).start(short);
    assert.deepEqual(new Set(deadlines.underWay()), new Set([long, short]));
    const shortAfter = (await staying(short.expired)) - startedAt;
    assert.ok(shortAfter >= 19.9 && shortAfter < 90, String(shortAfter));
    assert.deepEqual([...deadlines.underWay()], [long]);
    assert.ok((await staying(long.expired)) - startedAt >= 89.9);
  });

  test("end nothing after close", async () => {
    const closed = new Deadlines(10);
    const later = new Deadlines(40);
    let ended = false;
    closed.start({
      expire: () => {
        ended = true;
      },
    });
    closed.close();
    const subject = expiring();
    later.start(subject);
    await staying(subject.expired);
    assert.equal(ended, false);
  });
});
