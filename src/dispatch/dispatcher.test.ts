import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { FinishedState } from "../domain/next-delivery-state.ts";
import type { StoredEvent } from "../ingest/event-rows.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import type { DueBatch } from "./read-due.ts";
import type { Recorded } from "./recorder.ts";

const CONNECTION = {
  id: "c",
  workspaceId: "w",
  version: 1,
  isOrdered: false,
  hasRateLimit: false,
  concurrency: 10,
} as OpenedConnection;
const ROUTE = {
  connectionId: "c",
  connectionVersion: 1,
  isConnected: true,
  wants: () => true,
  wantsSystem: () => true,
};
const DELIVERED: FinishedState = {
  status: "delivered",
  nextAttemptAt: null,
  holdUntil: null,
  isGone: false,
};

const due = (id: string): DueDelivery => ({ id, connection: CONNECTION, payloadBytes: 1 }) as DueDelivery;
const batch = (...ids: readonly string[]): DueBatch => ({
  connectionId: "c",
  connection: CONNECTION,
  deliveries: ids.map(due),
  mayHaveMore: false,
  isCaughtUp: true,
  lookAgainAt: null,
  rateUsedUntil: 0,
  interruptedTests: [],
});

suite("a dispatcher", () => {
  let dispatcher: Dispatcher;
  let sent: string[];
  let finish: ((result?: Partial<Recorded>) => void)[];
  let end: ((concernsOthers?: boolean) => void)[];
  let mayWork: boolean;
  let mayStart: boolean;
  beforeEach(() => {
    [sent, finish, end, mayWork, mayStart] = [[], [], [], true, true];
    dispatcher = new Dispatcher(
      ({ id }, onEnded) => {
        sent.push(id);
        return new Promise((resolve) => {
          end.push((concernsOthers = false) => onEnded(concernsOthers));
          finish.push((result = {}) => resolve({ next: DELIVERED, connection: null, ...result } as Recorded));
        });
      },
      {
        mayStart: () => mayStart,
        owns: () => true,
        mayWork: () => mayWork,
        isCautious: () => false,
        markRecorded: () => undefined,
      },
      { onCapacity: () => undefined, onDueAt: () => undefined },
      (error) => assert.fail(String(error)),
    );
    dispatcher.start();
  });
  /** Waits until all pending callbacks have run. */
  const later = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  test("sends the deliveries of a read", () => {
    dispatcher.beginRead();
    assert.equal(dispatcher.addBatch(batch("1", "2")), 2);
    assert.deepEqual(sent, ["1", "2"]);
  });

  test("does not take a delivery from a read when it was handed over during that read", async () => {
    dispatcher.addBatch(batch());
    dispatcher.beginRead();
    const reservation = dispatcher.handover.reserve(ROUTE, "1", 1);
    assert.ok(reservation !== null);
    dispatcher.handover.receive([{ reservation, event: { id: "e" } as StoredEvent }]);
    assert.equal(dispatcher.addBatch(batch("1")), 0);
    await later();
    assert.deepEqual(sent, ["1"]);
  });

  test("does not take a delivery from a read when it was recorded during that read", async () => {
    dispatcher.addBatch(batch("1"));
    dispatcher.beginRead();
    end[0]?.();
    finish[0]?.();
    await later();
    assert.equal(dispatcher.addBatch(batch("1")), 0);
    dispatcher.beginRead();
    // The next read began after the record, so the delivery is due again.
    assert.equal(dispatcher.addBatch(batch("1")), 1);
  });

  test("takes nothing for a connection that was changed during the read, or that it may not work", () => {
    dispatcher.beginRead();
    dispatcher.recall("c");
    assert.equal(dispatcher.addBatch(batch("1")), 0);
    mayWork = false;
    dispatcher.beginRead();
    assert.equal(dispatcher.addBatch(batch("1")), 0);
    assert.deepEqual(sent, []);
  });

  test("takes nothing once the process stops, and does not send buffered deliveries", () => {
    mayStart = false;
    dispatcher.beginRead();
    assert.equal(dispatcher.addBatch(batch("1")), 1);
    dispatcher.stop();
    mayStart = true;
    dispatcher.resume();
    assert.equal(dispatcher.addBatch(batch("2")), 0);
    assert.deepEqual(sent, []);
  });

  const FAILED = { ...DELIVERED, status: "pending", nextAttemptAt: 10 } as const;
  const opened = { probeAt: 10, status: "connected", transition: null } as Recorded["connection"];
  const paused = { probeAt: null, status: "paused", transition: null } as Recorded["connection"];
  const SERIAL = { ...CONNECTION, concurrency: 1 };
  const STRICT = { ...SERIAL, isOrdered: true };
  const read = (connection: OpenedConnection, ...ids: readonly string[]) => {
    dispatcher.beginRead();
    const deliveries = ids.map((id) => ({ ...due(id), connection }));
    dispatcher.addBatch({ ...batch(), connection, deliveries });
  };

  for (const [what, result] of [
    ["its circuit breaker opens", { next: FAILED, connection: opened }],
    ["it is paused", { next: FAILED, connection: paused }],
    ["its receiver asks for a pause", { next: { ...FAILED, holdUntil: 10 } }],
  ] as const) {
    test(`sends nothing more from a connection's buffer when ${what}`, async () => {
      read(SERIAL, "1", "2", "3");
      end[0]?.(true);
      finish[0]?.(result);
      await later();
      assert.deepEqual(sent, ["1"]);
    });
  }

  test("starts the next request when the previous one has ended", () => {
    read(SERIAL, "1", "2");
    end[0]?.();
    assert.deepEqual(sent, ["1", "2"]);
  });

  test("starts the next request in strict order only when the previous one is recorded", async () => {
    read(STRICT, "1", "2");
    end[0]?.();
    assert.deepEqual(sent, ["1"]);
    finish[0]?.();
    await later();
    assert.deepEqual(sent, ["1", "2"]);
  });
});
