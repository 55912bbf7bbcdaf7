import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Fault, faultOf } from "./fault-of.ts";
import { type Outcome, SEND_FAILURE_CODES, type SendFailureCode } from "./outcome.ts";

const timings = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 1 };

function response(status: number): Outcome {
  return {
    kind: "response",
    response: { status, statusText: "", headers: {}, body: "", truncated: false },
    timings,
  };
}

function failure(code: SendFailureCode): Outcome {
  return { kind: "failure", failure: { code, stage: "dns" }, timings };
}

suite("the fault of a response", () => {
  const ROWS: readonly (readonly [status: number, fault: Fault])[] = [
    [200, "none"],
    [202, "none"],
    [299, "none"],
    [300, "message"],
    [302, "message"],
    [304, "message"],
    [400, "message"],
    [401, "message"],
    [404, "message"],
    [407, "message"],
    [408, "receiver"],
    [409, "message"],
    [410, "message"],
    [413, "message"],
    [422, "message"],
    [428, "message"],
    [429, "receiver"],
    [499, "message"],
    [500, "receiver"],
    [503, "receiver"],
    [599, "receiver"],
    [999, "receiver"],
  ];

  for (const [status, fault] of ROWS) {
    test(`${status} is ${fault}`, () => assert.equal(faultOf(response(status)), fault));
  }
});

suite("the fault of a failure", () => {
  const OURS: readonly SendFailureCode[] = [
    "credentials_unreadable",
    "dns_busy",
    "internal_error",
    "interrupted",
    "proxy_failed",
  ];

  test("is ours for exactly these codes, and the receiver's for all others", () => {
    const ours = SEND_FAILURE_CODES.filter((code) => faultOf(failure(code)) === "ours");
    assert.deepEqual([...ours].sort(), OURS);
    const receivers = SEND_FAILURE_CODES.filter((code) => faultOf(failure(code)) === "receiver");
    assert.equal(receivers.length, SEND_FAILURE_CODES.length - OURS.length);
  });
});
