import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../api/types.ts";
import { withDelivery } from "./recent-rows.ts";

const row = (minute: number, changed: Partial<Delivery> = {}) => {
  const at = `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
  return { id: String(minute), created_at: at, updated_at: at, status: "pending", ...changed } as Delivery;
};
const ids = (rows: readonly Delivery[]) => rows.map(({ id }) => Number(id));

test("a new delivery takes its place, and the list stays within its limit", () => {
  const ten = Array.from({ length: 10 }, (_, index) => row(19 - index));
  assert.deepEqual(ids(withDelivery(ten, row(20))), [20, 19, 18, 17, 16, 15, 14, 13, 12, 11]);
  assert.deepEqual(ids(withDelivery([], row(1))), [1]);
});

test("an older version never replaces a newer one", () => {
  const delivered = row(1, { status: "delivered", updated_at: "2026-01-01T01:00:00.000Z" });
  assert.deepEqual(withDelivery([delivered], row(1)), [delivered]);
  assert.deepEqual(withDelivery([row(1)], delivered), [delivered]);
});
