import assert from "node:assert/strict";
import { test } from "node:test";
import { isSuccess, type Outcome } from "./outcome.ts";

const timings = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 1 };

function response(status: number): Outcome {
  return {
    kind: "response",
    response: { status, statusText: "", headers: {}, body: "", truncated: false },
    timings,
  };
}

test("only a 2xx response is success", () => {
  for (const status of [200, 201, 204, 299]) assert.ok(isSuccess(response(status)), String(status));
  for (const status of [100, 199, 300, 304, 400, 500])
    assert.ok(!isSuccess(response(status)), String(status));
  assert.ok(!isSuccess({ kind: "failure", failure: { code: "timeout", stage: "body" }, timings }));
});
