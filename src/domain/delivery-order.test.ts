import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ordered, pageOrdered } from "./delivery-order.ts";

const rows = [3, 1, 2, 2, 2, 0].map((value, index) => ({ id: `id-${index}`, value }));

test("pages contain every row once, largest value first, even when values are equal", () => {
  const seen: string[] = [];
  let after: Ordered | null = null;
  for (let hasMore = true; hasMore; ) {
    const page: ReturnType<typeof pageOrdered> = pageOrdered(rows, { after, limit: 2 });
    seen.push(...page.rows.map(({ id }) => id));
    after = page.rows.at(-1) ?? null;
    hasMore = page.hasMore;
  }
  assert.deepEqual(seen, ["id-0", "id-4", "id-3", "id-2", "id-1", "id-5"]);
});

test("a position stays valid when its row was deleted or has moved", () => {
  const after = { id: "id-3", value: 2 };
  const without = rows.filter(({ id }) => id !== "id-3");
  assert.deepEqual(
    pageOrdered(without, { after, limit: 2 }).rows.map(({ id }) => id),
    ["id-2", "id-1"],
  );
  assert.deepEqual(pageOrdered([], { after, limit: 2 }), { rows: [], hasMore: false });
});
