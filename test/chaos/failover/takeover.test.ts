import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Receipt } from "../receipt.ts";
import { measureTakeover } from "./takeover.ts";

const AT = 1_700_000_000_500;
const CONNECTIONS = [
  { path: "/ok/a", type: "a" },
  { path: "/ok/b", type: "b" },
];

const receipt = (path: string, begunAt: number): Receipt => ({
  eventId: "e",
  path,
  timestampSeconds: Math.floor(begunAt / 1000),
  at: begunAt + 5,
  response: "ok",
  isFirst: false,
  respondedAt: begunAt + 6,
  closedAt: null,
});
const measure = (receipts: readonly Receipt[], posted: readonly { type: string; postedAt: number }[]) =>
  measureTakeover({
    connections: CONNECTIONS,
    posted,
    receiptsByPath: Map.groupBy(receipts, ({ path }) => path),
    at: AT,
  });
const postedSoon = CONNECTIONS.map(({ type }) => ({ type, postedAt: AT + 100 }));

describe("a takeover", () => {
  it("is measured from the first event after the loss of a process to the first request begun after the loss", () => {
    const receipts = [receipt("/ok/a", AT - 100), receipt("/ok/a", AT + 20_100), receipt("/ok/b", AT + 1000)];
    assert.deepEqual(measure(receipts, postedSoon), { connections: 1, medianMs: 20_005, worstMs: 20_005 });
  });

  it("is null when no connection waited", () => {
    assert.equal(measure([receipt("/ok/a", AT + 1000)], postedSoon), null);
  });

  it("ignores a connection without events in the meantime", () => {
    const posted = [{ type: "a", postedAt: AT + 40_000 }];
    assert.equal(measure([receipt("/ok/a", AT + 40_100)], posted), null);
  });
});
