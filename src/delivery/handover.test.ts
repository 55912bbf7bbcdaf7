import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { Capacity } from "./capacity.ts";
import type { ClaimedDelivery } from "./claim.ts";
import { type Reservation, Reservations } from "./handover.ts";
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

suite("a reservation for a delivery that is being committed", () => {
  let shares: Shares;
  let share: Share;
  let capacity: Capacity;
  let reservations: Reservations;
  let mayReserve: boolean;
  let givenBack: readonly ClaimedDelivery[];
  beforeEach(() => {
    shares = new Shares();
    share = shares.of("c");
    share.connection = CONNECTION;
    share.isCaughtUp = true;
    capacity = new Capacity();
    mayReserve = true;
    givenBack = [];
    reservations = new Reservations({
      shares,
      capacity,
      lease: { holder: "h", endsAt: (now) => now },
      mayReserve: () => mayReserve,
      settle: () => undefined,
      giveBack: (_share, deliveries) => {
        givenBack = [...givenBack, ...deliveries];
      },
      pump: () => undefined,
      later: (work) => work(),
    });
  });

  const keep = (bytes = 10): Reservation => {
    const reservation = reservations.reserve(ROUTE, bytes);
    assert.ok(reservation !== null);
    return reservation;
  };
  const delivery = (id: string) => ({ id, payloadBytes: 10 }) as ClaimedDelivery;

  test("is kept only where the worker is caught up with the connection as it stands", () => {
    keep();
    assert.equal(reservations.reserve({ ...ROUTE, connectionId: "other" }, 1), null);
    assert.equal(reservations.reserve({ ...ROUTE, connectionVersion: 4 }, 1), null);
    assert.equal(reservations.reserve({ ...ROUTE, isConnected: false }, 1), null);
    share.isCaughtUp = false;
    assert.equal(reservations.reserve(ROUTE, 1), null);
    share.isCaughtUp = true;
    mayReserve = false;
    assert.equal(reservations.reserve(ROUTE, 1), null);
  });

  test("is not kept with strict order or a rate limit", () => {
    for (const change of [{ isOrdered: true }, { hasRateLimit: true }]) {
      share.connection = { ...CONNECTION, ...change };
      assert.equal(reservations.reserve(ROUTE, 1), null);
    }
  });

  test("counts until it is given up, in number and in bytes", () => {
    const free = capacity.freeBytes("w");
    assert.equal(reservations.reserve(ROUTE, free + 1), null);
    const kept = Array.from({ length: 256 }, () => keep());
    assert.equal(reservations.reserve(ROUTE, 1), null);
    assert.equal(capacity.freeBytes("w"), free - 2560);
    reservations.release(kept);
    assert.equal(share.isEmpty, true);
    assert.equal(capacity.freeBytes("w"), free);
  });

  test("takes its delivery in, in the order of acceptance", () => {
    const handed = ["1", "2"].map((id) => ({ reservation: keep(), delivery: delivery(id) }));
    reservations.takeIn(handed);
    assert.deepEqual(
      share.waiting.map(({ id }) => id),
      ["1", "2"],
    );
    assert.equal(share.reserved, 0);
    assert.deepEqual(givenBack, []);
  });

  test("gives its delivery back when the connection was changed meanwhile, or the process may send no more", () => {
    const before = { reservation: keep(), delivery: delivery("1") };
    share.recalls++;
    const after = { reservation: keep(), delivery: delivery("2") };
    reservations.takeIn([before, after]);
    assert.deepEqual(
      [givenBack, share.waiting].map((deliveries) => deliveries.map(({ id }) => id)),
      [["1"], ["2"]],
    );
    const last = { reservation: keep(), delivery: delivery("3") };
    mayReserve = false;
    reservations.takeIn([last]);
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
