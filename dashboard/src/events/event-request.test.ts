import assert from "node:assert/strict";
import { test } from "node:test";
import { eventBody, eventCurl, faultOfData } from "./event-request.ts";

test("sends every number exactly as typed", () => {
  const body = eventBody("order.paid", ' {"n": 12345678901234567890.10} ');
  assert.equal(body, '{"type": "order.paid", "data": {"n": 12345678901234567890.10}}');
});

test("the curl command reads the key from a variable and does not contain it", () => {
  const command = eventCurl("http://localhost:3015", "order.paid", '{"name": "O\'Hara"}');
  assert.equal(
    command,
    [
      "curl http://localhost:3015/api/events \\",
      '  -H "Authorization: Bearer $OPENSEND_API_KEY" \\',
      '  -H "Content-Type: application/json" \\',
      `  -d '{"type": "order.paid", "data": {"name": "O'\\''Hara"}}'`,
    ].join("\n"),
  );
});

test("accepts only a JSON object as data", () => {
  assert.equal(faultOfData('{"a": 1}'), null);
  assert.match(faultOfData("[1]") ?? "", /JSON object/);
  assert.match(faultOfData("null") ?? "", /JSON object/);
  assert.match(faultOfData("{a: 1}") ?? "", /not valid JSON/);
});
