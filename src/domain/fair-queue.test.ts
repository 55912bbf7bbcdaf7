import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FairQueue } from "./fair-queue.ts";

function queueOf(items: readonly string[]): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const item of items) queue.add(item.slice(0, 1), item);
  return queue;
}

function takeWhile(take: () => string | null): string[] {
  const taken: string[] = [];
  for (let item = take(); item !== null; item = take()) taken.push(item);
  return taken;
}

describe("FairQueue", () => {
  it("takes items from each owner in turn, in order of arrival within one", () => {
    const queue = queueOf(["a1", "a2", "a3", "b1", "c1", "b2"]);
    assert.deepEqual(
      takeWhile(() => queue.takeNext(() => true)),
      ["a1", "b1", "c1", "a2", "b2", "a3"],
    );
    assert.equal(queue.size, 0);
  });

  it("skips items that may not go", () => {
    const queue = queueOf(["a1", "a2", "b1"]);
    assert.deepEqual(
      takeWhile(() => queue.takeNext((item) => item !== "a1")),
      ["a2", "b1"],
    );
    assert.equal(queue.size, 1);
  });

  it("keeps back an owner's later items when only the first is checked", () => {
    const queue = queueOf(["a1", "a2", "b1", "c1"]);
    assert.deepEqual(
      takeWhile(() => queue.takeFirst((item, owner) => item !== "a1" && owner !== "c")),
      ["b1"],
    );
    assert.equal(
      queue.takeFirst(() => true),
      "a1",
      "it has kept its turn",
    );
  });

  it("keeps the position of an item that is added again, and drops one that is removed", () => {
    const queue = queueOf(["a1", "a2"]);
    queue.add("a", "a1");
    assert.equal(queue.size, 2);
    queue.remove("a", "a2");
    queue.remove("x", "x1");
    assert.deepEqual(queue.takeAll(), ["a1"]);
  });

  it("takes all items of one owner", () => {
    const queue = queueOf(["a1", "b1", "a2"]);
    assert.deepEqual(queue.takeOwner("a"), ["a1", "a2"]);
    assert.deepEqual([queue.size, ...queue.takeOwner("a")], [1]);
  });
});
