import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../api/types.ts";
import { cancelEffects, retryEffects, sizeWords } from "./bulk-words.ts";

const rows = (...statuses: Delivery["status"][]) => statuses.map((status) => ({ status }) as Delivery);

test("says how many, and how sure that is", () => {
  assert.equal(sizeWords({ count: 1, isExact: true }), "1 delivery");
  assert.equal(sizeWords({ count: 6608, isExact: false }), "about 6,608 deliveries");
  assert.equal(sizeWords({ count: null, isExact: false }), "all matching deliveries");
});

test("says what happens to each kind before it happens", () => {
  assert.deepEqual(retryEffects(rows("failed", "failed")), ["2 failed: sent again."]);
  assert.match(
    retryEffects(rows("failed", "delivered")).join(" "),
    /1 delivered: the receiver gets it a second time/,
  );
  assert.deepEqual(cancelEffects(rows("pending", "delivered")), [
    "1 pending or failed: not sent any more. Attempts stay on record.",
    "1 delivered or cancelled: left unchanged.",
  ]);
});
