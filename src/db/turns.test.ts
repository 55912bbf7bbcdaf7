import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { LongWork, Turns } from "./turns.ts";

suite("turns", () => {
  test("alternate between parties, however much work one of them has", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const work = ["a", "a", "a", "b", "b", "c"].map(async (party) => {
      await turns.next(party);
      order.push(party);
    });
    await Promise.all(work);
    assert.deepEqual(order, ["a", "b", "c", "a", "b", "a"]);
  });

  test("come once per round of the event loop", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const others = (async () => {
      for (let round = 0; round < 3; round++) {
        order.push("others");
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const work = [1, 2, 3].map(() => turns.next("a").then(() => order.push("a")));
    await Promise.all([others, ...work]);
    assert.doesNotMatch(order.slice(0, 5).join(" "), /a a/);
  });

  test("let the requests of other parties go first, but not those of the same party", async () => {
    const turns = new Turns(Number.POSITIVE_INFINITY);
    const rounds = async () => {
      for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
    };
    let count = 0;
    const leaveOwn = turns.enter("a");
    const leaveOther = turns.enter("b");
    const work = turns.next("a").then(() => count++);
    await rounds();
    assert.equal(count, 0);
    leaveOther();
    await work;
    assert.equal(count, 1, "what the party itself has under way does not hold it back");
    leaveOwn();
  });

  test("come after a while, however many requests others have in flight", async () => {
    const turns = new Turns(0);
    turns.enter("b");
    await turns.next("a");
  });

  test("of long work end after a few milliseconds", async () => {
    const work = new LongWork("a", new Turns());
    assert.equal(work.pause(), null);
    const startedAt = performance.now();
    while (performance.now() - startedAt < 5);
    const pause = work.pause();
    assert.notEqual(pause, null);
    await pause;
    assert.equal(work.pause(), null);
  });
});
