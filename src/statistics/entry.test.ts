import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MINUTE_MS } from "../domain/statistics.ts";
import { type CountedAttempt, StatisticsEntry } from "./entry.ts";

const AT = Date.UTC(2026, 5, 6, 8, 0);

function attempt(part: Partial<CountedAttempt> = {}): CountedAttempt {
  return {
    connectionId: "c1",
    deliveryId: "d1",
    eventType: "order.paid",
    outcome: "delivered",
    cause: "",
    isEnd: true,
    startedAt: AT,
    durationMs: 40,
    ...part,
  };
}

describe("a commit's statistics entry", () => {
  it("adds up attempts by the minute in which they ended", () => {
    const entry = new StatisticsEntry();
    for (const durationMs of [5, 40, 45]) entry.addAttempt("w", attempt({ durationMs }));
    entry.addAttempt("w", attempt({ startedAt: AT + MINUTE_MS - 10, durationMs: 10 }));
    const minute = AT / MINUTE_MS;
    assert.deepEqual(JSON.parse(entry.toText() ?? ""), [
      [
        "w",
        [
          [minute, "c1", "order.paid", "delivered", "", 3, 3, 90, [0, 1, 2, 2], 5, 45],
          [minute + 1, "c1", "order.paid", "delivered", "", 1, 1, 10, [0, 1], 0, 0],
        ],
        [],
        [],
      ],
    ]);
  });

  it("is empty when changes of pending deliveries cancel out", () => {
    const entry = new StatisticsEntry();
    entry.addPending("w", "c1", 2);
    entry.addPending("w", "c1", -2);
    assert.equal(entry.toText(), null);
    assert.equal(new StatisticsEntry().toText(), null);
  });

  it("survives being written and read, and can be added to another", () => {
    const entry = new StatisticsEntry();
    entry.addAttempt("w", attempt({ outcome: "failed", cause: "timeout/-/h", durationMs: 60_002 }));
    entry.addEvent("w", { id: "e1", type: "order.paid", acceptedAt: AT }, ["c1", "c2"]);
    entry.addEvent("v", { id: "e2", type: "*", acceptedAt: AT + 1 }, []);
    const twice = new StatisticsEntry();
    twice.addText(entry.toText() ?? "");
    assert.equal(twice.toText(), entry.toText());
    twice.addText(entry.toText() ?? "");
    const [series] = [...(twice.workspaces.get("w")?.attempts.values() ?? [])];
    assert.deepEqual(
      [series?.counts.attempts, series?.counts.durationMs, series?.counts.classes.at(-1)],
      [2, 120_004, 2],
    );
    assert.deepEqual(series?.ends, { firstAt: AT + 60_002, lastAt: AT + 60_002, deliveryId: "d1" });
    assert.deepEqual(
      [...(twice.workspaces.get("w")?.pending ?? [])],
      [
        ["c1", 2],
        ["c2", 2],
      ],
    );
  });

  it("records when attempts ended, and the delivery of the last that failed", () => {
    const entry = new StatisticsEntry();
    const failed = { outcome: "failed", cause: "timeout/-/h" } as const;
    entry.addAttempt("w", attempt({ ...failed, deliveryId: "d2", startedAt: AT + 2000 }));
    entry.addAttempt("w", attempt({ ...failed, deliveryId: "d1", startedAt: AT + 1000 }));
    const read = new StatisticsEntry();
    read.addText(entry.toText() ?? "");
    const [series] = [...(read.workspaces.get("w")?.attempts.values() ?? [])];
    assert.deepEqual(series?.ends, { firstAt: AT + 1040, lastAt: AT + 2040, deliveryId: "d2" });
  });

  it("can be read from a row written by an earlier version", () => {
    const entry = new StatisticsEntry();
    const minute = AT / MINUTE_MS;
    entry.addText(
      JSON.stringify([
        ["w", [[minute, "c1", "order.paid", "failed", "timeout/-/h", 1, 1, 40, [2, 1]]], [], []],
      ]),
    );
    const [series] = [...(entry.workspaces.get("w")?.attempts.values() ?? [])];
    assert.deepEqual(series?.ends, { firstAt: AT, lastAt: AT, deliveryId: null });
  });

  it("names the newest event of a type as its example", () => {
    const entry = new StatisticsEntry();
    for (const [id, acceptedAt] of [
      ["a", AT],
      ["b", AT + 5],
      ["c", AT + 2],
    ] as const)
      entry.addEvent("w", { id, type: "order.paid", acceptedAt }, []);
    const [series] = [...(entry.workspaces.get("w")?.events.values() ?? [])];
    assert.deepEqual([series?.exampleId, series?.lastAcceptedAt, series?.counts.events], ["b", AT + 5, 3]);
  });
});
