import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseProcess } from "./rendezvous.ts";

const keys = Array.from({ length: 3000 }, (_none, index) => `0198c5f2-7c1e-7a54-9d3e-${index}`);

describe("chooseProcess", () => {
  it("spreads keys evenly, whatever the order of the processes", () => {
    const processes = ["a:1:x", "a:2:y", "b:1:z"];
    const shares = Map.groupBy(keys, (key) => chooseProcess(processes, key));
    for (const one of processes) {
      const share = shares.get(one)?.length ?? 0;
      assert.ok(share > 850 && share < 1150, `${one} has ${share}`);
    }
    const reversed = processes.toReversed();
    assert.deepEqual(
      keys.map((key) => chooseProcess(reversed, key)),
      keys.map((key) => chooseProcess(processes, key)),
    );
  });

  it("moves only the keys of a process that leaves", () => {
    const moved = keys.filter((key) => {
      const before = chooseProcess(["a", "b", "c"], key);
      return before !== "c" && before !== chooseProcess(["a", "b"], key);
    });
    assert.deepEqual(moved, []);
  });

  it("chooses none from an empty list", () => {
    assert.equal(chooseProcess([], "key"), null);
  });
});
