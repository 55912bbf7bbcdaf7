import assert from "node:assert/strict";
import { it } from "node:test";
import { statusRange } from "./response-class.ts";

it("gives the statuses of a class, and none for no response", () => {
  assert.deepEqual(statusRange("2xx"), { from: 200, before: 300 });
  assert.deepEqual(statusRange("5xx"), { from: 500, before: 600 });
  assert.equal(statusRange("none"), null);
});
