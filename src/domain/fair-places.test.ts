import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { FairPlaces, type Leave, type PlaceLimits } from "./fair-places.ts";

const LIMITS: PlaceLimits = { placesMax: 8, partOfFree: 2, waitingMax: 3, waitingOfAllMax: 5 };

/** Enters, and records the result as soon as it is known. */
function enter(places: FairPlaces, party: string) {
  const entered: { leave: Leave | null; refusal: string | null } = { leave: null, refusal: null };
  const place = places.enter(party);
  if (typeof place === "string") entered.refusal = place;
  else void place.then((leave) => Object.assign(entered, { leave }));
  return entered;
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

suite("fair places", () => {
  test("leave some for a newcomer, however many the first party wants", async () => {
    const places = new FairPlaces(LIMITS);
    const first = Array.from({ length: 6 }, () => enter(places, "first"));
    const second = Array.from({ length: 2 }, () => enter(places, "second"));
    const third = enter(places, "third");
    await settle();
    assert.deepEqual(
      first.map(({ leave }) => leave !== null),
      [true, true, true, false, false, false],
    );
    assert.deepEqual(
      second.map(({ leave }) => leave !== null),
      [true, true],
    );
    assert.notEqual(third.leave, null);
  });

  test("go to waiting parties in turn", async () => {
    const places = new FairPlaces({ ...LIMITS, placesMax: 1 });
    const order: string[] = [];
    const work = ["a", "a", "a", "b", "c"].map(async (party) => {
      const place = places.enter(party);
      assert.ok(typeof place !== "string");
      const leave = await place;
      order.push(party);
      await settle();
      leave();
    });
    await Promise.all(work);
    assert.deepEqual(order, ["a", "b", "c", "a", "a"]);
  });

  test("are refused to a party with too many calls waiting, and to all when too many wait in total", async () => {
    const places = new FairPlaces({ ...LIMITS, placesMax: 1 });
    const holder = enter(places, "holder");
    await settle();
    const own = Array.from({ length: 4 }, () => enter(places, "own"));
    assert.deepEqual(
      own.map(({ refusal }) => refusal),
      [null, null, null, "party"],
    );
    const others = ["x", "y", "z"].map((party) => enter(places, party));
    assert.deepEqual(
      others.map(({ refusal }) => refusal),
      [null, null, "all"],
    );
    holder.leave?.();
    await settle();
    assert.notEqual(own[0]?.leave, null);
    assert.equal(enter(places, "z").refusal, null);
  });

  test("are released once, however often `leave` is called", async () => {
    const places = new FairPlaces({ ...LIMITS, placesMax: 1 });
    const first = enter(places, "a");
    await settle();
    first.leave?.();
    const second = enter(places, "a");
    await settle();
    first.leave?.();
    const third = enter(places, "a");
    await settle();
    assert.deepEqual([second.leave !== null, third.leave !== null], [true, false]);
  });
});
