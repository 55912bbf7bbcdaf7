import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WindowStore } from "./window-store.ts";

describe("WindowStore", () => {
  it("gives each of concurrent requests its own count", async () => {
    const store = new WindowStore();
    const count = () =>
      new Promise<number>((resolve) => {
        store.incr("one", (_error, result) => resolve(result?.current ?? 0), 60_000);
      });
    assert.deepEqual(await Promise.all([count(), count(), count()]), [1, 2, 3]);
  });

  it("measures windows with a clock that cannot be set", (test) => {
    const store = new WindowStore();
    const seen: number[] = [];
    const count = () => store.incr("one", (_error, result) => void seen.push(result?.current ?? 0), 0.001);
    test.mock.timers.enable({ apis: ["Date"], now: 3_600_000 });
    count();
    test.mock.timers.setTime(0);
    const startedAt = performance.now();
    while (performance.now() - startedAt < 0.01);
    count();
    assert.deepEqual(seen, [1, 1]);
  });
});
