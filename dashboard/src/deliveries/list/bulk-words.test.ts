import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../../api/types.ts";
import { cancelEffects, cancelledWords, retriedWords, retryEffects, sizeWords } from "./bulk-words.ts";

const rows = (...statuses: Delivery["status"][]) => statuses.map((status) => ({ status }) as Delivery);

test("says how many deliveries, and whether that is an estimate", () => {
  assert.equal(sizeWords({ count: 1, isExact: true }), "1 delivery");
  assert.equal(sizeWords({ count: 6608, isExact: false }), "about 6,608 deliveries");
  assert.equal(sizeWords({ count: null, isExact: false }), "all matching deliveries");
});

test("says in advance what happens to deliveries of each status", () => {
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

test("claims no more than has happened", () => {
  assert.equal(
    retriedWords(2, 1),
    "Replay of 2 deliveries queued. Next attempt of 1 pending delivery moved to now. Each is delivered once its receiver has responded.",
  );
  assert.match(retriedWords(0, 0), /^Nothing was retried/);
  assert.equal(cancelledWords(1, false), "1 delivery cancelled.");
  assert.match(cancelledWords(10_000, true), /More are left/);
});
