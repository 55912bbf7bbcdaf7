import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { FairSlots, type ReleaseSlot, type SlotLimits } from "./fair-slots.ts";

const LIMITS: SlotLimits = { slotsMax: 8, partOfFree: 2, waitingMax: 3, waitingOfAllMax: 5 };

/** Enters, and records the result as soon as it is known. */
function enter(slots: FairSlots, party: string) {
  const entered: { release: ReleaseSlot | null; refusal: string | null } = { release: null, refusal: null };
  const slot = slots.enter(party);
  if (typeof slot === "string") entered.refusal = slot;
  else void slot.then((release) => Object.assign(entered, { release }));
  return entered;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

suite("fair slots", () => {
  test("release some for a newcomer, however many the first party wants", async () => {
    const slots = new FairSlots(LIMITS);
    const first = Array.from({ length: 6 }, () => enter(slots, "first"));
    const second = Array.from({ length: 2 }, () => enter(slots, "second"));
    const third = enter(slots, "third");
    await settle();
    assert.deepEqual(
      first.map(({ release }) => release !== null),
      [true, true, true, false, false, false],
    );
    assert.deepEqual(
      second.map(({ release }) => release !== null),
      [true, true],
    );
    assert.notEqual(third.release, null);
  });

  test("go to waiting parties in turn", async () => {
    const slots = new FairSlots({ ...LIMITS, slotsMax: 1 });
    const order: string[] = [];
    const work = ["a", "a", "a", "b", "c"].map(async (party) => {
      const slot = slots.enter(party);
      assert.ok(typeof slot !== "string");
      const release = await slot;
      order.push(party);
      await settle();
      release();
    });
    await Promise.all(work);
    assert.deepEqual(order, ["a", "b", "c", "a", "a"]);
  });

  test("are refused to a party with too many calls waiting, and to all when too many wait in total", async () => {
    const slots = new FairSlots({ ...LIMITS, slotsMax: 1 });
    const holder = enter(slots, "holder");
    await settle();
    const own = Array.from({ length: 4 }, () => enter(slots, "own"));
    assert.deepEqual(
      own.map(({ refusal }) => refusal),
      [null, null, null, "party"],
    );
    const others = ["x", "y", "z"].map((party) => enter(slots, party));
    assert.deepEqual(
      others.map(({ refusal }) => refusal),
      [null, null, "all"],
    );
    holder.release?.();
    await settle();
    assert.notEqual(own[0]?.release, null);
    assert.equal(enter(slots, "z").refusal, null);
  });

  test("are released once, however often `release` is called", async () => {
    const slots = new FairSlots({ ...LIMITS, slotsMax: 1 });
    const first = enter(slots, "a");
    await settle();
    first.release?.();
    const second = enter(slots, "a");
    await settle();
    first.release?.();
    const third = enter(slots, "a");
    await settle();
    assert.deepEqual([second.release !== null, third.release !== null], [true, false]);
  });
});
