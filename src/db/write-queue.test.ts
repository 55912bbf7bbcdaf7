import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { DatabaseError } from "./database-error.ts";
import { WriteQueue, type WriteQueueLimits } from "./write-queue.ts";

type Item = { readonly name: string; readonly owner?: string; readonly bytes?: number };

const LIMITS: WriteQueueLimits<Item> = {
  itemsMax: 10,
  bytesMax: 100,
  bytesOf: ({ bytes }) => bytes ?? 1,
  ownerOf: ({ owner }) => owner ?? "one",
  commitsMax: 1,
  gathers: false,
};

const named = (...names: readonly string[]): Item[] => names.map((name) => ({ name }));
const namesOf = (items: readonly Item[]) => items.map(({ name }) => name).join("");

/** Commits that end when the test decides. */
function blockedCommits(
  limits: Partial<WriteQueueLimits<Item>> = {},
  fail: (items: string) => unknown = () => null,
) {
  const begun: { items: string; end: () => void }[] = [];
  const commit = (items: readonly Item[]) =>
    new Promise<string[]>((resolve, reject) => {
      const end = () => {
        const error = fail(namesOf(items));
        if (error === null) resolve(items.map(({ name }) => `${name}!`));
        else reject(error);
      };
      begun.push({ items: namesOf(items), end });
    });
  const queue = new WriteQueue<Item, string>(commit, { ...LIMITS, ...limits });
  const next = async () => {
    await turn();
    const one = begun.shift();
    assert.ok(one, "a commit has begun");
    one.end();
    await turn();
    return one.items;
  };
  const all = async () => {
    const items: string[] = [];
    for (await turn(); begun.length > 0; await turn()) items.push(await next());
    return items;
  };
  return { queue, next, all, begun };
}

describe("WriteQueue", () => {
  it("commits a lone item immediately, and those that arrive meanwhile together", async () => {
    const { queue, next } = blockedCommits();
    const first = queue.add({ name: "a" });
    await turn();
    const others = named("b", "c", "d").map((item) => queue.add(item));
    assert.equal(await next(), "a");
    assert.equal(await first, "a!");
    assert.equal(await next(), "bcd");
    assert.deepEqual(await Promise.all(others), ["b!", "c!", "d!"]);
  });

  it("respects its limits of items per commit and of concurrent commits", async () => {
    const { queue, all, begun } = blockedCommits({ itemsMax: 2, commitsMax: 2 });
    const added = named("a", "b", "c", "d", "e").map((item) => queue.add(item));
    await turn();
    assert.deepEqual(
      begun.map(({ items }) => items),
      ["ab", "cd"],
    );
    await all();
    assert.equal((await Promise.all(added)).length, 5);
  });

  it("limits the bytes of a commit, and commits a larger item alone", async () => {
    const { queue, all } = blockedCommits();
    const bytes = { a: 60, b: 50, c: 40, d: 300, e: 10 };
    const added = Object.entries(bytes).map(([name, size]) => queue.add({ name, bytes: size }));
    assert.deepEqual(await all(), ["a", "bc", "d", "e"]);
    await Promise.all(added);
  });

  it("takes owners of items in turn, however many items one of them has waiting", async () => {
    const { queue, all } = blockedCommits({ itemsMax: 4 });
    const added = [
      ...named("a", "b", "c", "d", "e", "f").map((item) => ({ ...item, owner: "many" })),
      { name: "x", owner: "few" },
      { name: "y", owner: "other" },
    ].map((item) => queue.add(item));
    assert.deepEqual(await all(), ["axyb", "cdef"]);
    await Promise.all(added);
  });

  it("never lets large items take all commits", async () => {
    const { queue, all, begun } = blockedCommits({ commitsMax: 2 });
    const large = named("A", "B", "C").map((item) => ({ ...item, bytes: 200, owner: "large" }));
    const added = [...large, { name: "s", owner: "small" }].map((item) => queue.add(item));
    await turn();
    assert.deepEqual(
      begun.map(({ items }) => items),
      ["A", "s"],
    );
    await all();
    await Promise.all(added);
  });

  it("fails everything that waits, once, while the database is unavailable", async () => {
    const away = new DatabaseError("unavailable", new Error("away"));
    const { queue, next, begun } = blockedCommits({ itemsMax: 2 }, () => away);
    const added = Promise.allSettled(named("a", "b", "c", "d", "e").map((item) => queue.add(item)));
    assert.equal(await next(), "ab");
    const results = await added;
    assert.ok(results.every((result) => result.status === "rejected" && result.reason === away));
    assert.equal(begun.length, 0, "no item was tried again");
  });

  it("fails only the item that causes an internal error", async () => {
    const { queue, all } = blockedCommits({}, (items) => (items.includes("x") ? new TypeError("x") : null));
    const settled = Promise.allSettled(named("a", "x", "c").map((item) => queue.add(item)));
    assert.deepEqual(await all(), ["axc", "a", "x", "c"]);
    assert.deepEqual(
      (await settled).map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
  });

  it("is idle when nothing waits or runs", async () => {
    const { queue, next } = blockedCommits();
    await queue.idle();
    const added = queue.add({ name: "a" });
    let isIdle = false;
    const idle = queue.idle().then(() => {
      isIdle = true;
    });
    await turn();
    assert.equal(isIdle, false);
    await next();
    await Promise.all([added, idle]);
  });

  it("is not idle while a commit runs", async () => {
    const { queue, next } = blockedCommits();
    queue.add({ name: "a" }).catch(assert.fail);
    await turn();
    let isIdle = false;
    const idle = queue.idle().then(() => {
      isIdle = true;
    });
    await turn();
    assert.equal(isIdle, false);
    assert.equal(await next(), "a");
    await idle;
  });

  describe("with patience", () => {
    const patience = { ms: 30, enough: 3, isUrgent: ({ name }: Item) => name === "!" };
    const settle = () => new Promise((resolve) => setTimeout(resolve, 60));

    it("batches items until the first has waited long enough", async () => {
      const { queue, begun, all } = blockedCommits({ patience });
      const first = queue.add({ name: "a" });
      await turn();
      const second = queue.add({ name: "b" });
      await turn();
      assert.equal(begun.length, 0);
      await settle();
      assert.deepEqual(await all(), ["ab"]);
      assert.deepEqual(await Promise.all([first, second]), ["a!", "b!"]);
    });

    it("does not wait when the batch is large enough", async () => {
      const { queue, next } = blockedCommits({ patience });
      for (const item of named("a", "b", "c")) queue.add(item).catch(assert.fail);
      assert.equal(await next(), "abc");
    });

    it("commits an urgent item immediately along with waiting ones, and then waits again", async () => {
      const { queue, next, begun } = blockedCommits({ patience });
      for (const item of named("a", "!")) queue.add(item).catch(assert.fail);
      assert.equal(await next(), "a!");
      queue.add({ name: "b" }).catch(assert.fail);
      await turn();
      assert.equal(begun.length, 0);
    });

    it("does not wait when asked to become idle", async () => {
      const { queue, next } = blockedCommits({ patience });
      queue.add({ name: "a" }).catch(assert.fail);
      const idle = queue.idle();
      assert.equal(await next(), "a");
      await idle;
    });
  });
});
