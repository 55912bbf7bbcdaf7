import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { LongWork, Turns } from "./turns.ts";

suite("turns", () => {
  test("go round the parties, however much one of them has to do", async () => {
    const turns = new Turns();
    const order: string[] = [];
    const work = ["a", "a", "a", "b", "b", "c"].map(async (party) => {
      await turns.next(party);
      order.push(party);
    });
    await Promise.all(work);
    assert.deepEqual(order, ["a", "b", "c", "a", "b", "a"]);
  });

  test("come one in a round of the event loop", async () => {
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
