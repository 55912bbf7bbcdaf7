import assert from "node:assert/strict";
import { test } from "node:test";
import { eventTypeOptions } from "./event-type-options.ts";

const seen = ["order.paid", "order.refunded", "invoice.sent"].map((type) => ({ type, events: 3 }));
const values = (typed: string) => eventTypeOptions(seen, typed).map(({ value }) => value);

test("offers the types seen, and a pattern when several share a prefix", () => {
  assert.deepEqual(values(""), ["order.*", "order.paid", "order.refunded", "invoice.sent"]);
});

test("offers matching types before the text itself", () => {
  assert.deepEqual(values("paid"), ["order.paid", "paid"]);
  assert.deepEqual(values("INVOICE"), ["invoice.sent", "INVOICE"]);
});

test("offers an exactly typed type or pattern first, and only once", () => {
  assert.deepEqual(values("order.paid"), ["order.paid"]);
  assert.deepEqual(values("order.*"), ["order.*", "order.paid", "order.refunded"]);
  assert.deepEqual(values("invoice.*"), ["invoice.*", "invoice.sent"]);
  assert.deepEqual(values("user.*"), ["user.*"]);
});

test("offers nothing that the server would refuse", () => {
  assert.deepEqual(values("two words"), []);
  assert.deepEqual(values("*.paid"), []);
  assert.deepEqual(values("a".repeat(256)), []);
});

test("keeps the typed text in a long list", () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ type: `type${index}`, events: 1 }));
  const offered = eventTypeOptions(many, "type");
  assert.equal(offered.length, 50);
  assert.equal(offered.at(-1)?.value, "type");
});
