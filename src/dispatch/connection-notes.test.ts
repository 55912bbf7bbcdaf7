import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConnectionNotes } from "./connection-notes.ts";

const NOW = Date.UTC(2026, 5, 6);
const HOUR_MS = 3_600_000;
const ID = "a connection";

/** Notes of a connection that is known to be healthy, written at `NOW`. */
function steadyNotes() {
  const notes = new ConnectionNotes();
  notes.committed(notes.plan([news(NOW)], NOW), new Map([[ID, true]]), []);
  return notes;
}

function news(lastFinishedAt: number) {
  return { connectionId: ID, isNotable: false, lastFinishedAt };
}

describe("the row of a healthy connection", () => {
  it("is written once per second", () => {
    const notes = steadyNotes();
    const soon = notes.plan([news(NOW + 999)], NOW + 999);
    assert.deepEqual(soon.steady, []);
    notes.committed(soon, new Map(), []);
    const later = notes.plan([news(NOW + 1000)], NOW + 1000);
    assert.deepEqual(later.steady, [{ id: ID, lastFinishedAt: NOW + 1000 }]);
  });

  it("is written without delay after the clock was set back", () => {
    const { steady } = steadyNotes().plan([news(NOW - HOUR_MS)], NOW - HOUR_MS);
    assert.deepEqual(steady, [{ id: ID, lastFinishedAt: NOW - HOUR_MS }]);
  });
});
