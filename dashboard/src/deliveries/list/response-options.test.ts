import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenResponses, responseFilter, responseOptions } from "./response-options.ts";

const values = (typed: string) =>
  responseOptions(
    new Map([
      ["503", 4],
      ["null", 2],
    ]),
    typed,
  ).map(({ value }) => value);

test("offers response classes, statuses seen, and any status typed", () => {
  assert.deepEqual(values(""), ["2xx", "3xx", "4xx", "5xx", "none", "503"]);
  assert.deepEqual(values("50"), ["503"]);
  assert.deepEqual(values("418"), ["418"]);
  assert.deepEqual(values("999x"), []);
  assert.deepEqual(responseOptions(undefined, "503")[0]?.value, "503");
});

test("filters by a class or by exact statuses, never both", () => {
  assert.deepEqual(responseFilter(["503", "500"]), { response: undefined, response_status: "503,500" });
  assert.deepEqual(responseFilter(["503"]), { response: undefined, response_status: 503 });
  assert.deepEqual(responseFilter(["503", "4xx"]), { response: "4xx", response_status: undefined });
  assert.deepEqual(responseFilter(["4xx", "503"]), { response: undefined, response_status: 503 });
  assert.deepEqual(responseFilter([]), { response: undefined, response_status: undefined });
  assert.deepEqual(chosenResponses({ response: "none" }), ["none"]);
  assert.deepEqual(chosenResponses({ response_status: 503 }), ["503"]);
});
