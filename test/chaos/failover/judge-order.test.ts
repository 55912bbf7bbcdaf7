import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Fault } from "../fault.ts";
import type { Receipt } from "../receipt.ts";
import { judgeOrder } from "./judge-order.ts";

const AT = 1_700_000_000_000;
const IDS = ["a", "b", "c"];
const PAUSED: Fault = { kind: "process paused", at: AT + 500, until: AT + 500 };

const receipt = (eventId: string, afterMs: number, change: Partial<Receipt> = {}): Receipt => {
  const at = AT + afterMs;
  const timestampSeconds = Math.floor(at / 1000);
  return {
    eventId,
    path: "/ok/a",
    timestampSeconds,
    at,
    response: "ok",
    isFirst: false,
    respondedAt: at + 10,
    closedAt: null,
    ...change,
  };
};
const judge = (receipts: readonly Receipt[], faults: readonly Fault[] = []) =>
  judgeOrder({ path: "/ok/a", ids: IDS, receipts, faults });

describe("the order of a connection", () => {
  it("is kept when each event follows the one before, also after a failure", () => {
    assert.deepEqual(judge([receipt("a", 0), receipt("b", 20), receipt("c", 40)]), []);
    const failed = receipt("b", 20, { response: "error" });
    assert.deepEqual(judge([receipt("a", 0), failed, receipt("b", 5000), receipt("c", 5020)]), []);
  });

  it("is broken by an event that overtakes an earlier one", () => {
    assert.equal(judge([receipt("a", 0), receipt("c", 20), receipt("b", 40)]).length, 1);
    const failed = receipt("b", 20, { response: "error" });
    assert.equal(judge([receipt("a", 0), failed, receipt("c", 40), receipt("b", 5000)]).length, 1);
  });

  it("is broken by two concurrent requests", () => {
    assert.equal(judge([receipt("a", 0), receipt("b", 5)]).length, 1);
    assert.equal(judge([receipt("a", 3000), receipt("a", 3005)], [PAUSED]).length, 1);
  });

  it("is kept when requests in flight during a fault are repeated", () => {
    const again = [receipt("a", 400), receipt("a", 25_000), receipt("b", 25_020)];
    assert.deepEqual(judge(again, [PAUSED]), []);
    const late = receipt("a", 45_005, { timestampSeconds: AT / 1000 });
    assert.deepEqual(judge([receipt("a", 25_000), receipt("b", 45_000), late], [PAUSED]), []);
  });
});
