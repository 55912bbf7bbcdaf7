import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createGroupCommit } from "./group-commit.ts";

/** Commits that end when they are told to. */
function heldCommits(fail: (items: readonly string[]) => boolean = () => false) {
  const groups: { items: readonly string[]; end: () => void }[] = [];
  const commit = (items: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const end = () =>
        fail(items) ? reject(new Error(items.join())) : resolve(items.map((item) => `${item}!`));
      groups.push({ items, end });
    });
  const next = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    const group = groups.shift();
    assert.ok(group);
    group.end();
    await new Promise((resolve) => setImmediate(resolve));
    return group.items;
  };
  return { commit, next, groups };
}

describe("createGroupCommit", () => {
  it("commits a lone item at once, and what comes meanwhile together", async () => {
    const { commit, next } = heldCommits();
    const group = createGroupCommit(commit, { itemsMax: 10, commitsAtOnce: 1, restsWhenBusy: false });
    const first = group.add("a");
    await new Promise((resolve) => setImmediate(resolve));
    const others = ["b", "c", "d"].map((item) => group.add(item));
    assert.equal(group.waiting(), 3);
    assert.deepEqual(await next(), ["a"]);
    assert.equal(await first, "a!");
    assert.deepEqual(await next(), ["b", "c", "d"]);
    assert.deepEqual(await Promise.all(others), ["b!", "c!", "d!"]);
  });

  it("keeps to its bounds of items a commit and of commits at once", async () => {
    const { commit, next, groups } = heldCommits();
    const group = createGroupCommit(commit, { itemsMax: 2, commitsAtOnce: 2, restsWhenBusy: false });
    const all = ["a", "b", "c", "d", "e"].map((item) => group.add(item));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(
      groups.map(({ items }) => items.length),
      [2, 2],
    );
    while (groups.length > 0) await next();
    assert.equal((await Promise.all(all)).length, 5);
  });

  it("fails only the item that is at fault", async () => {
    const { commit, next, groups } = heldCommits((items) => items.includes("bad"));
    const group = createGroupCommit(commit, { itemsMax: 10, commitsAtOnce: 1, restsWhenBusy: false });
    const settled = Promise.allSettled(["a", "bad", "c"].map((item) => group.add(item)));
    await new Promise((resolve) => setImmediate(resolve));
    while (groups.length > 0) await next();
    assert.deepEqual(
      (await settled).map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
  });

  it("is idle when nothing waits and nothing runs", async () => {
    const { commit, next } = heldCommits();
    const group = createGroupCommit(commit, { itemsMax: 10, commitsAtOnce: 1, restsWhenBusy: false });
    await group.idle();
    const added = group.add("a");
    let isIdle = false;
    const idle = group.idle().then(() => {
      isIdle = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isIdle, false);
    await next();
    await Promise.all([added, idle]);
  });
});
