import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { StoredEvent } from "../ingest/event-rows.ts";
import type { Reservation } from "../ingest/handover.ts";
import { Capacity } from "./capacity.ts";
import { type ConnectionQueue, ConnectionQueues } from "./connection-queue.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import { Reservations } from "./reservations.ts";

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
  let queues: ConnectionQueues;
  let queue: ConnectionQueue;
  let capacity: Capacity;
  let reservations: Reservations;
  let mayReserve: boolean;
  let count: number;
  let dropped: readonly DueDelivery[];
  beforeEach(() => {
    queues = new ConnectionQueues(() => false);
    queue = queues.of("c");
    queue.connection = CONNECTION;
    queue.isCaughtUp = true;
    capacity = new Capacity();
    mayReserve = true;
    dropped = [];
    count = 0;
    reservations = new Reservations(queues, capacity, {
      mayReserve: () => mayReserve,
      settle: () => undefined,
      drop: (_queue, deliveries) => {
        dropped = [...dropped, ...deliveries];
        for (const { id } of deliveries) queue.release(id);
      },
      pump: () => undefined,
      later: (work) => work(),
    });
  });

  const keep = (bytes = 10): Reservation => {
    const reservation = reservations.reserve(ROUTE, `${++count}`, bytes);
    assert.ok(reservation !== null);
    return reservation;
  };
  const event = { id: "e" } as StoredEvent;

  test("is granted only if the worker is caught up with the connection's current version", () => {
    keep();
    assert.equal(reservations.reserve({ ...ROUTE, connectionId: "other" }, "none", 1), null);
    assert.equal(reservations.reserve({ ...ROUTE, connectionVersion: 4 }, "none", 1), null);
    assert.equal(reservations.reserve({ ...ROUTE, isConnected: false }, "none", 1), null);
    queue.isCaughtUp = false;
    assert.equal(reservations.reserve(ROUTE, "none", 1), null);
    queue.isCaughtUp = true;
    mayReserve = false;
    assert.equal(reservations.reserve(ROUTE, "none", 1), null);
  });

  test("is not granted with strict order or a rate limit", () => {
    for (const change of [{ isOrdered: true }, { hasRateLimit: true }]) {
      queue.connection = { ...CONNECTION, ...change };
      assert.equal(reservations.reserve(ROUTE, "none", 1), null);
    }
  });

  test("counts until it is released, in number and in bytes", () => {
    const free = capacity.freeBytes("w");
    assert.equal(reservations.reserve(ROUTE, "none", free + 1), null);
    const kept = Array.from({ length: 256 }, () => keep());
    assert.equal(reservations.reserve(ROUTE, "none", 1), null);
    assert.equal(capacity.freeBytes("w"), free - 2560);
    reservations.release(kept);
    assert.equal(queue.isEmpty, true);
    assert.equal(capacity.freeBytes("w"), free);
  });

  test("becomes a buffered delivery, in the order of acceptance", () => {
    const handed = ["1", "2"].map(() => ({ reservation: keep(), event }));
    reservations.receive(handed);
    assert.deepEqual(
      queue.waiting.map(({ id }) => id),
      ["1", "2"],
    );
    assert.deepEqual([...queue.buffered], ["1", "2"]);
    assert.deepEqual(dropped, []);
  });

  test("drops its delivery if the connection was changed meanwhile, or the process may not send any more", () => {
    const before = { reservation: keep(), event };
    queue.recalls++;
    const after = { reservation: keep(), event };
    reservations.receive([before, after]);
    assert.deepEqual(
      [dropped, queue.waiting].map((deliveries) => deliveries.map(({ id }) => id)),
      [["1"], ["2"]],
    );
    const last = { reservation: keep(), event };
    mayReserve = false;
    reservations.receive([last]);
    assert.deepEqual(
      dropped.map(({ id }) => id),
      ["1", "3"],
    );
  });
});

suite("queues", () => {
  test("are remembered when they are caught up, up to a thousand", () => {
    const queues = new ConnectionQueues(() => false);
    const park = (id: string, isCaughtUp: boolean) => {
      const queue = queues.of(id);
      queue.isCaughtUp = isCaughtUp;
      queues.park(queue);
    };
    park("not", false);
    for (let n = 0; n < 1500; n++) park(`${n}`, true);
    assert.equal(queues.get("not"), undefined);
    assert.equal([...queues].length, 1000);
    assert.equal(queues.get("499"), undefined);
    assert.notEqual(queues.get("1499"), undefined);
  });
});
