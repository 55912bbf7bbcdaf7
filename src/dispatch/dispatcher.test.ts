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
  holdsUntil: null,
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
  rateTakenUntil: 0,
  interruptedTests: [],
});

suite("a read of a queue", () => {
  let dispatcher: Dispatcher;
  let sent: string[];
  let finish: (() => void)[];
  let mayWork: boolean;
  let mayStart: boolean;
  beforeEach(() => {
    [sent, finish, mayWork, mayStart] = [[], [], true, true];
    dispatcher = new Dispatcher(
      ({ id }, onAnswered) => {
        sent.push(id);
        return new Promise((resolve) => {
          finish.push(() => {
            onAnswered(false);
            resolve({ next: DELIVERED, connection: null } as Recorded);
          });
        });
      },
      {
        mayStart: () => mayStart,
        owns: () => true,
        mayWork: () => mayWork,
        isCautious: () => false,
        noteRecorded: () => undefined,
      },
      { onRoom: () => undefined, onDueAt: () => undefined },
      (error) => assert.fail(String(error)),
    );
    dispatcher.start();
  });
  const later = () => new Promise((resolve) => setTimeout(resolve, 5));

  test("adds what it found", () => {
    dispatcher.beginRead();
    assert.equal(dispatcher.takeIn(batch("1", "2")), 2);
    assert.deepEqual(sent, ["1", "2"]);
  });

  test("adds nothing that was handed over while it was under way", async () => {
    dispatcher.takeIn(batch());
    dispatcher.beginRead();
    const reservation = dispatcher.handover.reserve(ROUTE, "1", 1);
    assert.ok(reservation !== null);
    dispatcher.handover.takeIn([{ reservation, event: { id: "e" } as StoredEvent }]);
    assert.equal(dispatcher.takeIn(batch("1")), 0);
    await later();
    assert.deepEqual(sent, ["1"]);
  });

  test("adds nothing that was recorded while it was under way", async () => {
    dispatcher.takeIn(batch("1"));
    dispatcher.beginRead();
    finish[0]?.();
    await later();
    assert.equal(dispatcher.takeIn(batch("1")), 0);
    dispatcher.beginRead();
    // The next one read it after that, so it is due again.
    assert.equal(dispatcher.takeIn(batch("1")), 1);
  });

  test("adds nothing of a connection that was changed meanwhile, or may not be worked", () => {
    dispatcher.beginRead();
    dispatcher.recall("c");
    assert.equal(dispatcher.takeIn(batch("1")), 0);
    mayWork = false;
    dispatcher.beginRead();
    assert.equal(dispatcher.takeIn(batch("1")), 0);
    assert.deepEqual(sent, []);
  });

  test("adds nothing once the process stops, and what waits is not sent", () => {
    mayStart = false;
    dispatcher.beginRead();
    assert.equal(dispatcher.takeIn(batch("1")), 1);
    dispatcher.stop();
    mayStart = true;
    dispatcher.resume();
    assert.equal(dispatcher.takeIn(batch("2")), 0);
    assert.deepEqual(sent, []);
  });
});
