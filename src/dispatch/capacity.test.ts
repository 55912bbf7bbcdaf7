import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Capacity } from "./capacity.ts";

const MIB = 1024 * 1024;

/** Takes all slots a workspace can get. Returns their number. */
function fill(capacity: Capacity, workspaceId: string): number {
  let taken = 0;
  for (; capacity.freeSlots(workspaceId) > 0; taken++) capacity.start(workspaceId);
  return taken;
}

describe("Capacity", () => {
  it("leaves a quarter of the free slots to others, however many workspaces there are", () => {
    const capacity = new Capacity();
    assert.deepEqual(
      ["a", "b", "c", "d"].map((workspaceId) => fill(capacity, workspaceId)),
      [768, 192, 48, 12],
    );
    assert.ok(capacity.freeSlots("newcomer") > 0);
  });

  it("leaves a slot for a newcomer however many workspaces have hanging requests", () => {
    const capacity = new Capacity();
    for (let index = 0; index < 8; index++) fill(capacity, `w${index}`);
    assert.ok(capacity.inFlight <= 1024);
    assert.equal(capacity.freeSlots("w0"), 0);
    capacity.end("w0");
    assert.ok(capacity.freeSlots("newcomer") >= 1);
  });

  it("gives a connection an eighth of its workspace's free slots, and at least one", () => {
    const capacity = new Capacity();
    assert.deepEqual([capacity.mayStart("a", 95), capacity.mayStart("a", 96)], [true, false]);
    for (let index = 0; index < 764; index++) capacity.start("a");
    assert.deepEqual([capacity.mayStart("a", 0), capacity.mayStart("a", 1)], [true, false]);
    assert.deepEqual([capacity.mayStart("b", 23), capacity.mayStart("b", 24)], [true, false]);
  });

  it("lets no workspace use more than half of the memory that others leave", () => {
    const capacity = new Capacity();
    assert.equal(capacity.freeBytes("a"), 32 * MIB);
    capacity.buffer("a", 32 * MIB);
    assert.equal(capacity.freeBytes("a"), 0);
    assert.equal(capacity.freeBytes("b"), 16 * MIB);
    capacity.release("a", 32 * MIB);
    assert.equal(capacity.freeBytes("b"), 32 * MIB);
  });
});
