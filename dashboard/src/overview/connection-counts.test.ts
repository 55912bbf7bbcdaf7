import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf, stateWords } from "./connection-counts.ts";

test("adds up the states of all connectors, without disconnected connections", () => {
  const counts = { failing: 11, held: 0, paused: 2, ok: 1190, idle: 1, disconnected: 60 };
  const all = countsOf([{ connection_counts: counts }, { connection_counts: { ok: 3 } }]);
  assert.equal(all?.total, 1207);
  assert.equal(stateWords(all?.states ?? []), "11 failing, 2 paused, 1 idle");
  assert.equal(countsOf([{}]), null);
});
