import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { DatabaseError, type DatabaseErrorKind } from "../db/database-error.ts";
import { EngineHealth } from "./engine-health.ts";

describe("the health of the engine", () => {
  let now: number;
  let health: EngineHealth;
  beforeEach(() => {
    now = 0;
    health = new EngineHealth(() => now);
    health.succeeded("heartbeat");
  });

  const heartbeatUntil = (time: number) => {
    for (; now < time; now += 2000) health.succeeded("heartbeat");
    now = time;
  };

  it("fails before the first heartbeat, and when heartbeats stop silently", () => {
    assert.deepEqual(new EngineHealth(() => now).failing(), ["heartbeat"]);
    assert.deepEqual(health.failing(), []);
    now = 10_001;
    assert.deepEqual(health.failing(), ["heartbeat"]);
  });

  it("names the work that failed last, until it succeeds", () => {
    for (const kind of ["heartbeat", "poll", "claim", "record", "accept"] as const) {
      health.failed(kind);
      assert.deepEqual(health.failing(), [kind]);
      health.succeeded(kind);
      assert.deepEqual(health.failing(), []);
    }
  });

  it("forgets a failure after ten seconds if only traffic could show a recovery", () => {
    health.failed("accept");
    heartbeatUntil(9_999);
    assert.deepEqual(health.failing(), ["accept"]);
    heartbeatUntil(12_000);
    assert.deepEqual(health.failing(), []);
  });

  it("forgets nothing until a heartbeat has been written since", () => {
    now = 5000;
    health.failed("accept");
    now = 30_000;
    assert.ok(health.failing().includes("accept"));
    health.succeeded("heartbeat");
    assert.deepEqual(health.failing(), []);
  });

  it("never forgets a failure of periodic work", () => {
    health.failed("poll");
    heartbeatUntil(60_000);
    assert.deepEqual(health.failing(), ["poll"]);
  });

  for (const [kind, isFailing] of [
    ["unavailable", true],
    ["other", true],
    ["data", false],
    ["unique", false],
    ["conflict", false],
  ] as const satisfies readonly (readonly [DatabaseErrorKind, boolean])[]) {
    it(`${isFailing ? "counts" : "does not count"} a transaction that fails with \`${kind}\``, async () => {
      const failing = health.watch("accept", async () => {
        throw new DatabaseError(kind, new Error("refused"));
      });
      await assert.rejects(
        failing(async () => undefined),
        DatabaseError,
      );
      assert.deepEqual(health.failing(), isFailing ? ["accept"] : []);
    });
  }

  it("does not count a caller's own mistake, and notes each success", async () => {
    const transact = health.watch("accept", (work) => work(undefined as never));
    await assert.rejects(
      transact(async () => {
        throw new TypeError("a mistake in one item");
      }),
    );
    assert.deepEqual(health.failing(), []);
    health.failed("accept");
    assert.equal(await transact(async () => 7), 7);
    assert.deepEqual(health.failing(), []);
  });
});
