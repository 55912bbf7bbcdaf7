import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, suite, test } from "node:test";
import { RefusalDelay } from "./refusal-delay.ts";

const MIB = 1024 * 1024;

suite("after a refused request", () => {
  let time = 0;
  let delay = new RefusalDelay(() => time);
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed++) {
      time++;
      mock.timers.tick(1);
      await Promise.resolve();
    }
  };
  /** Numbers of the requests that have begun so far. */
  let begun: number[] = [];
  const begin = (count: number, party = "a") =>
    Array.from({ length: count }, (_, number) => {
      const wait = delay.begin(party);
      if (wait === null) begun.push(number);
      else if (wait !== "full") void wait.then(() => begun.push(number));
      return wait;
    });
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    time = 1000;
    delay = new RefusalDelay(() => time);
    begun = [];
  });
  afterEach(() => mock.timers.reset());

  test("the next ones begin one at a time, and those of another party immediately", async () => {
    delay.refused("a", 0);
    const apartMs = delay.delayOf("a");
    assert.ok(apartMs > 0);
    assert.deepEqual(begin(1, "b"), [null]);
    begun = [];
    begin(3);
    assert.deepEqual(begun, []);
    await pass(apartMs);
    assert.deepEqual(begun, [0]);
    await pass(apartMs);
    assert.deepEqual(begun, [0, 1]);
    await pass(apartMs);
    assert.deepEqual(begun, [0, 1, 2]);
  });

  test("each further refusal in a row lengthens the wait, up to five seconds", () => {
    let before = 0;
    for (const bytes of [0, 0, 64 * 1024, MIB]) {
      delay.refused("a", bytes);
      assert.ok(delay.delayOf("a") > before, `${delay.delayOf("a")} after ${before}`);
      before = delay.delayOf("a");
    }
    for (let n = 0; n < 2000; n++) delay.refused("a", 7 * MIB);
    assert.equal(delay.delayOf("a"), 5000);
  });

  test("none waits any longer once one is accepted", async () => {
    for (let n = 0; n < 10; n++) delay.refused("a", MIB);
    begin(4);
    delay.accepted("a");
    await pass(1);
    assert.deepEqual(begun, [0, 1, 2, 3]);
    assert.deepEqual(begin(1), [null]);
  });

  test("a while without requests resets the count of refusals", async () => {
    delay.refused("a", 0);
    const first = delay.delayOf("a");
    for (let n = 0; n < 3; n++) delay.refused("a", 0);
    await pass(20_000);
    assert.equal(delay.delayOf("a"), 0);
    delay.refused("a", 0);
    assert.equal(delay.delayOf("a"), first);
  });

  test("no more wait than can begin within ten seconds, and never more than 64", () => {
    for (let n = 0; n < 20; n++) delay.refused("a", 7 * MIB);
    assert.equal(begin(20).filter((wait) => wait !== "full").length, 2);
    delay.refused("b", 0);
    assert.equal(begin(100, "b").filter((wait) => wait !== "full").length, 64);
  });
});
