import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Arrival, Arrivals } from "./arrivals.ts";

const MIB = 1024 * 1024;

function arrival(id: string, characters = 10): Arrival {
  return {
    id,
    method: "POST",
    headers: {},
    body: "x".repeat(characters),
    answer: "200",
    arrivedAt: 0,
    arrivedAtWall: 0,
  };
}

function idsOf(arrivals: Arrivals): Record<string, string[]> {
  return Object.fromEntries(
    arrivals.take().map(([workspaceId, arrived]) => [workspaceId, arrived.map(({ id }) => id)]),
  );
}

describe("the requests waiting to be written", () => {
  it("are the newest fifty of a workspace, oldest first", () => {
    const arrivals = new Arrivals();
    for (let index = 0; index < 120; index++) arrivals.add("w", arrival(String(index)));
    const ids = idsOf(arrivals)["w"] ?? [];
    assert.equal(ids.length, 50);
    assert.deepEqual([ids[0], ids.at(-1)], ["70", "119"]);
    assert.ok(arrivals.isEmpty);
    assert.equal(arrivals.bytes, 0);
  });

  it("stay under 2 MiB per workspace, except for a single larger one", () => {
    const arrivals = new Arrivals();
    for (let index = 0; index < 30; index++) {
      arrivals.add("w", arrival(String(index), 256 * 1024));
      assert.ok(arrivals.bytes <= 2 * MIB);
    }
    assert.equal(idsOf(arrivals)["w"]?.at(-1), "29");
    arrivals.add("w", arrival("large", 3 * MIB));
    assert.deepEqual(idsOf(arrivals), { w: ["large"] });
  });

  it("stay under 16 MiB in total, at the expense of the workspace with the most bytes", () => {
    const arrivals = new Arrivals();
    arrivals.add("quiet", arrival("one"));
    for (let index = 0; index < 400; index++) {
      arrivals.add(`flood ${index % 20}`, arrival(String(index), 128 * 1024));
      assert.ok(arrivals.bytes <= 16 * MIB);
    }
    assert.deepEqual(idsOf(arrivals)["quiet"], ["one"]);
  });

  it("can be dropped for one workspace alone", () => {
    const arrivals = new Arrivals();
    arrivals.add("a", arrival("1"));
    arrivals.add("b", arrival("2"));
    arrivals.forget("a");
    assert.deepEqual(idsOf(arrivals), { b: ["2"] });
  });
});
