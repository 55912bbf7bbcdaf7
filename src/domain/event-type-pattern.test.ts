import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { EVENT_TYPE_PATTERN } from "./event-type-pattern.ts";

suite("an event type pattern", () => {
  for (const pattern of ["*", "order", "order.paid", "order.*", "a.b.c.*", "Order_2.line-item", "0"]) {
    test(`can be ${pattern}`, () => assert.match(pattern, EVENT_TYPE_PATTERN));
  }

  const REFUSED = [
    "",
    " ",
    "**",
    "*.paid",
    "order.*.paid",
    "ord*",
    "order*",
    "order.",
    ".order",
    "order..paid",
    "order.*.*",
    "order paid",
    "order/paid",
    "bestellung.bezählt",
    "order.paid\n",
    "order.*\n",
  ];
  for (const pattern of REFUSED) {
    test(`is not ${JSON.stringify(pattern)}`, () => assert.doesNotMatch(pattern, EVENT_TYPE_PATTERN));
  }

  test("is checked immediately, however long the text", { timeout: 1000 }, () => {
    assert.doesNotMatch(`${"a.".repeat(100_000)}!`, EVENT_TYPE_PATTERN);
    assert.doesNotMatch(`${"a".repeat(200_000)}!`, EVENT_TYPE_PATTERN);
  });
});
