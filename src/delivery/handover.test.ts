import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { Capacity } from "./capacity.ts";
import type { ClaimedDelivery } from "./claim.ts";
import { type Place, Places } from "./handover.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import { type Share, Shares } from "./share.ts";

const CONNECTION = {
  id: "c",
  workspaceId: "w",
  version: 3,
  isOrdered: false,
  hasRateLimit: false,
  concurrency: 10,
} as OpenedConnection;
const ROUTE = {
  connectionId: "c",
  connectionVersion: 3,
  isConnected: true,
  wants: () => true,
  wantsSystem: () => true,
};

suite("a place for a delivery that is being committed", () => {
  let shares: Shares;
  let share: Share;
  let capacity: Capacity;
  let places: Places;
  let mayTakeOver: boolean;
  let givenBack: readonly ClaimedDelivery[];
  beforeEach(() => {
    shares = new Shares();
    share = shares.of("c");
    share.connection = CONNECTION;
    share.isCaughtUp = true;
    capacity = new Capacity();
    mayTakeOver = true;
    givenBack = [];
    places = new Places({
      shares,
      capacity,
      lease: { holder: "h", endsAt: (now) => now },
      mayTakeOver: () => mayTakeOver,
      settle: () => undefined,
      giveBack: (_share, deliveries) => {
        givenBack = [...givenBack, ...deliveries];
      },
      pump: () => undefined,
      later: (work) => work(),
    });
  });

  const keep = (bytes = 10): Place => {
    const place = places.keepPlace(ROUTE, bytes);
    assert.ok(place !== null);
    return place;
  };
  const delivery = (id: string) => ({ id, payloadBytes: 10 }) as ClaimedDelivery;

  test("is kept only where the worker is caught up with the connection as it stands", () => {
    keep();
    assert.equal(places.keepPlace({ ...ROUTE, connectionId: "other" }, 1), null);
    assert.equal(places.keepPlace({ ...ROUTE, connectionVersion: 4 }, 1), null);
    assert.equal(places.keepPlace({ ...ROUTE, isConnected: false }, 1), null);
    share.isCaughtUp = false;
    assert.equal(places.keepPlace(ROUTE, 1), null);
    share.isCaughtUp = true;
    mayTakeOver = false;
    assert.equal(places.keepPlace(ROUTE, 1), null);
  });

  test("is not kept with strict order or a rate limit", () => {
    for (const change of [{ isOrdered: true }, { hasRateLimit: true }]) {
      share.connection = { ...CONNECTION, ...change };
      assert.equal(places.keepPlace(ROUTE, 1), null);
    }
  });

  test("counts until it is given up, in number and in bytes", () => {
    const free = capacity.freeBytes("w");
    assert.equal(places.keepPlace(ROUTE, free + 1), null);
    const kept = Array.from({ length: 256 }, () => keep());
    assert.equal(places.keepPlace(ROUTE, 1), null);
    assert.equal(capacity.freeBytes("w"), free - 2560);
    places.giveUp(kept);
    assert.equal(share.isEmpty, true);
    assert.equal(capacity.freeBytes("w"), free);
  });

  test("takes its delivery in, in the order of acceptance", () => {
    const handed = ["1", "2"].map((id) => ({ place: keep(), delivery: delivery(id) }));
    places.takeIn(handed);
    assert.deepEqual(
      share.waiting.map(({ id }) => id),
      ["1", "2"],
    );
    assert.equal(share.kept, 0);
    assert.deepEqual(givenBack, []);
  });

  test("gives its delivery back when the connection was changed meanwhile, or the process may send no more", () => {
    const before = { place: keep(), delivery: delivery("1") };
    share.recalls++;
    const after = { place: keep(), delivery: delivery("2") };
    places.takeIn([before, after]);
    assert.deepEqual(
      [givenBack, share.waiting].map((deliveries) => deliveries.map(({ id }) => id)),
      [["1"], ["2"]],
    );
    const last = { place: keep(), delivery: delivery("3") };
    mayTakeOver = false;
    places.takeIn([last]);
    assert.deepEqual(
      givenBack.map(({ id }) => id),
      ["1", "3"],
    );
  });
});

suite("shares", () => {
  test("that are caught up are remembered, a thousand of them", () => {
    const shares = new Shares();
    const rest = (id: string, isCaughtUp: boolean) => {
      const share = shares.of(id);
      share.isCaughtUp = isCaughtUp;
      shares.rest(share);
    };
    rest("not", false);
    for (let n = 0; n < 1500; n++) rest(`${n}`, true);
    assert.equal(shares.get("not"), undefined);
    assert.equal([...shares].length, 1000);
    assert.equal(shares.get("499"), undefined);
    assert.notEqual(shares.get("1499"), undefined);
  });
});
