import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "../../src/db/open.ts";
import { MINUTES_KEPT_MS } from "../../src/domain/statistics.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { assertEqualsRecount } from "../support/recount.ts";
import { seed, signInSeededOwner } from "../support/seeded.ts";
import { runCommand, startServer } from "../support/server.ts";

/** A Saturday morning, so that the history ends with a night and a weekend. */
const NOW = Date.parse("2026-06-06T09:30:00.000Z");

describe("the seed", () => {
  forEachDatabase((makeDatabase) => {
    let database: TestDatabase;
    let store: Store;
    before(async () => {
      database = await makeDatabase();
      await seed(database.environment, { now: NOW, days: 8 });
      store = database.open();
    });
    after(async () => {
      await store.close();
      await database.remove();
    });

    const countBy = async (column: "status" | "paused_reason" | "health") => {
      const rows = await store.db
        .selectFrom("connections")
        .select((eb) => [column, eb.fn.countAll<number>().as("count")])
        .groupBy(column)
        .execute();
      return new Map(rows.map((row) => [row[column], Number(row.count)]));
    };

    it("writes statistics that equal a recount of its rows", async () => {
      await assertEqualsRecount(store, NOW - MINUTES_KEPT_MS);
    });

    it("has connections in every state, with backlogs for paused ones", async () => {
      assert.deepEqual([...(await countBy("status")).keys()].sort(), ["connected", "disconnected", "paused"]);
      const reasons = await countBy("paused_reason");
      for (const reason of ["manual", "gone", "failing"] as const) assert.ok(reasons.has(reason), reason);
      assert.ok(((await countBy("health")).get("unhealthy") ?? 0) > 1);
      const held = await store.db
        .selectFrom("connections")
        .select("id")
        .where("hold_until", ">", NOW)
        .execute();
      const backlogs = await store.db
        .selectFrom("pending_counts")
        .select("pending")
        .where("pending", ">", 0)
        .execute();
      assert.ok(held.length > 0);
      assert.ok(backlogs.length > 2, String(backlogs.length));
    });

    it("has deliveries of every status, as many as requested", async () => {
      const rows = await store.db
        .selectFrom("deliveries")
        .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
        .groupBy("status")
        .execute();
      assert.deepEqual(rows.map(({ status }) => status).sort(), [
        "cancelled",
        "delivered",
        "failed",
        "pending",
      ]);
      assert.ok(rows.reduce((sum, { count }) => sum + Number(count), 0) >= 3000);
    });

    it("gives connections external ids and metadata that lists find", async () => {
      const rows = await store.db.selectFrom("connections").select(["external_id", "metadata"]).execute();
      const named = rows.filter(({ external_id }) => external_id !== null);
      assert.ok(named.length > 0 && named.length < rows.length, String(named.length));
      const { value } = await store.db
        .selectFrom("connection_metadata")
        .select("value")
        .where("key", "=", "customer")
        .orderBy("value")
        .executeTakeFirstOrThrow();
      assert.ok(named.some(({ metadata }) => JSON.parse(metadata ?? "{}").customer === value));
      const pairs = await store.db
        .selectFrom("connection_metadata")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      const told = rows.flatMap(({ metadata }) => Object.keys(JSON.parse(metadata ?? "{}")));
      assert.equal(Number(pairs.count), told.length);
    });

    it("is refused for a database that is not empty", async () => {
      await assert.rejects(seed(database.environment), { name: "NotEmptyError" });
    });

    it("can be served, and passes the doctor's checks", async () => {
      const { environment } = database;
      const server = await startServer(environment, { dataDir: database.dataDir });
      try {
        const owner = await signInSeededOwner(server);
        const { body } = await owner.get("/api/deliveries?status=failed&limit=1");
        const detail = await owner.get(`/api/deliveries/${body.data[0].id}`);
        const attempts: { explanation: { title: string }; request: object; response: object | null }[] =
          detail.body.data.attempts;
        assert.ok(attempts.every(({ explanation }) => explanation.title !== ""));
        const doctor = await runCommand(["doctor"], environment);
        for (const check of ["database", "writes", "sealing key"])
          assert.match(doctor.stdout, new RegExp(`^ok +${check}`, "m"));
      } finally {
        await server.stop();
      }
    });
  });

  forEachDatabase((makeDatabase) => {
    it("writes the same history for the same seed, and a different one for another", async () => {
      const [first, again, other] = await Promise.all([1, 1, 2].map(() => makeDatabase()));
      const explanations = await Promise.all(
        [first, again, other].map(async (database, index) => {
          if (database === undefined) throw new Error("a database is missing");
          await seed(database.environment, { now: NOW, days: 1, deliveries: 200, seed: index === 2 ? 2 : 1 });
          const store = database.open();
          const deliveries = await store.db
            .selectFrom("deliveries")
            .select(["id", "event_id", "connection_id", "status", "attempt_count", "updated_at"])
            .orderBy("id")
            .execute();
          await store.close();
          await database.remove();
          return deliveries;
        }),
      );
      assert.deepEqual(explanations[0], explanations[1]);
      assert.notDeepEqual(explanations[0], explanations[2]);
    });
  });
});
