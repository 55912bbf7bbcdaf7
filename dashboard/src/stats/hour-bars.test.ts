import assert from "node:assert/strict";
import { test } from "node:test";
import { hourBars } from "./hour-bars.ts";

test("shows 20 % failures as 20 % of the bar, in a busy hour and in a quiet one", () => {
  const [busy, quiet] = hourBars(
    [
      { delivered: 80, failed: 20 },
      { delivered: 40, failed: 10 },
    ],
    28,
  );
  assert.deepEqual(busy, { delivered: 22.4, failed: 5.6 });
  assert.deepEqual(quiet, { delivered: 11.2, failed: 2.8 });
});

test("keeps small numbers visible, and shows nothing for zero", () => {
  const [busy, few, one, none] = hourBars(
    [
      { delivered: 10_000, failed: 1 },
      { delivered: 0, failed: 1 },
      { delivered: 1, failed: 0 },
      { delivered: 0, failed: 0 },
    ],
    28,
  );
  assert.equal(busy?.failed, 1);
  assert.equal(Math.round((busy?.delivered ?? 0) + (busy?.failed ?? 0)), 28);
  assert.deepEqual(
    [few, one, none],
    [
      { delivered: 0, failed: 2 },
      { delivered: 2, failed: 0 },
      { delivered: 0, failed: 0 },
    ],
  );
});
