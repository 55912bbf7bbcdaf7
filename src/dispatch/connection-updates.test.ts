import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConnectionUpdates } from "./connection-updates.ts";

const NOW = Date.UTC(2026, 5, 6);
const HOUR_MS = 3_600_000;
const ID = "a connection";

/** Notes of a connection that is known to be healthy, written at `NOW`. */
function steadyUpdates() {
  const updates = new ConnectionUpdates();
  updates.committed(updates.plan([news(NOW)], NOW), new Map([[ID, true]]), []);
  return updates;
}

function news(lastFinishedAt: number) {
  return { connectionId: ID, isNotable: false, lastFinishedAt };
}

describe("the row of a healthy connection", () => {
  it("is written once per second", () => {
    const updates = steadyUpdates();
    const soon = updates.plan([news(NOW + 999)], NOW + 999);
    assert.deepEqual(soon.steady, []);
    updates.committed(soon, new Map(), []);
    const later = updates.plan([news(NOW + 1000)], NOW + 1000);
    assert.deepEqual(later.steady, [{ id: ID, lastFinishedAt: NOW + 1000 }]);
  });

  it("is written without delay after the clock was set back", () => {
    const { steady } = steadyUpdates().plan([news(NOW - HOUR_MS)], NOW - HOUR_MS);
    assert.deepEqual(steady, [{ id: ID, lastFinishedAt: NOW - HOUR_MS }]);
  });
});
