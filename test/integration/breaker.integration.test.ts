import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { disconnect } from "../../src/connections/disconnect.ts";
import { resume } from "../../src/connections/pause.ts";
import { sendTestEvent } from "../../src/connections/send-test-event.ts";
import { update } from "../../src/connections/update.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let test: TestApp;
  let receiver: TestReceiver;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await openTestApp(database);
    receiver = await startTestReceiver();
  });
  afterEach(async () => {
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const actor = () =>
    ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;
  const response = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) => void response.writeHead(status, headers).end();
  };
  /** Rejects events whose type begins with `bad`. */
  const reject = (status: number) => {
    receiver.respond = (response, request) =>
      void response.writeHead(typeOf(request).startsWith("bad") ? status : 200).end();
  };
  const tick = () => test.context.engine.worker.tick();
  const accept = async (...types: readonly string[]) => {
    for (const type of types) {
      await test.accept({ type });
      test.clock.now += 1;
    }
  };
  const typesReceived = () => receiver.received.map(typeOf);
  const row = (id: string) =>
    test.context.store.db
      .selectFrom("connections")
      .selectAll()
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  const sendTest = async (id: string) => {
    await sendTestEvent(test.context.services.integrations, actor(), id);
  };
  const fails = async (id: string, ...days: readonly number[]) => {
    const start = test.clock.now;
    for (const day of days) {
      test.clock.now = start + day * DAY;
      await accept("a.b");
      await tick();
    }
    return row(id);
  };

  describe("a receiver that rejects one event type", () => {
    for (const status of [400, 401, 404, 413, 422, 302]) {
      it(`with ${status} gets all other types without delay, and retries of the rejected one by its schedule`, async () => {
        const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
        reject(status);
        for (let index = 0; index < 20; index++) await accept("bad.type", "good.type");
        await accept(...Array(20).fill("bad.type"), ...Array(20).fill("good.type"));
        await tick();
        assert.equal(receiver.received.length, 80, "each was sent, in one turn of the clock");
        const byStatus = await test.context.store.db
          .selectFrom("deliveries")
          .select(["status", ({ fn }) => fn.countAll().as("count"), "attempt_count"])
          .groupBy(["status", "attempt_count"])
          .orderBy("status")
          .execute();
        assert.deepEqual(
          byStatus.map((one) => [one.status, Number(one.count), one.attempt_count]),
          [
            ["delivered", 40, 1],
            ["pending", 40, 1],
          ],
        );
        const { probe_at, hold_until } = await row(id);
        assert.deepEqual([probe_at, hold_until], [null, null]);
        test.clock.now += 10 * SECOND;
        await tick();
        assert.equal(receiver.received.length, 120, "the rejected ones again");
      });
    }

    it("is shown as unhealthy when it rejects three in a row, and still gets everything", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      reject(422);
      await accept(...Array(12).fill("bad.type"));
      await tick();
      assert.equal((await row(id)).health, "unhealthy");
      await accept(...Array(12).fill("good.type"));
      await tick();
      assert.equal(receiver.received.length, 24);
      assert.equal((await row(id)).health, "healthy");
    });

    it("delays later events in strict order until the rejected one is retried", async () => {
      const limits = { ordered: true, concurrency: 10, rateLimitPerMinute: null };
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits });
      reject(422);
      await accept("good.0", "bad.1", "good.2");
      await tick();
      assert.deepEqual(typesReceived(), ["good.0", "bad.1"]);
      response(200);
      await tick();
      assert.deepEqual(typesReceived(), ["good.0", "bad.1"], "nobody overtakes");
      test.clock.now += 10 * SECOND;
      await tick();
      assert.deepEqual(typesReceived(), ["good.0", "bad.1", "bad.1", "good.2"]);
    });

    it("causes no recovery event, since nothing was interrupted", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/watch`, eventTypes: ["integration.*"] });
      await test.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: ["bad.*", "good.*"] });
      reject(422);
      for (let round = 0; round < 3; round++) {
        await accept("bad.a", "bad.b", "bad.c", "bad.d");
        await tick();
        await accept("good.a");
        await tick();
      }
      assert.deepEqual(
        receiver.received.filter(({ path }) => path === "/watch"),
        [],
      );
    });
  });

  describe("the circuit breaker", () => {
    it("closes when a probe's message is rejected: the receiver is reachable", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(503);
      await accept("bad.0", "bad.1", "bad.2");
      await tick();
      await accept(...Array(10).fill("good.type"));
      assert.notEqual((await row(id)).probe_at, null);
      await tick();
      assert.equal(receiver.received.length, 3, "nothing before the probe");
      reject(422);
      test.clock.now += 10 * SECOND;
      await tick();
      assert.equal((await row(id)).probe_at, null);
      assert.equal(receiver.received.length, 16, "the rejected three, and all that waited");
    });

    it("stays closed after failed tests, and closes after a successful one", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      for (let index = 0; index < 4; index++) await sendTest(id);
      const tested = await row(id);
      assert.deepEqual([tested.health, tested.probe_at, tested.receiver_faults], ["unhealthy", null, 0]);
      response(200);
      await accept(...Array(20).fill("a.b"));
      await tick();
      assert.equal(receiver.received.length, 24, "all of them, in one turn of the clock");
      response(500);
      await accept("a.b", "a.b", "a.b");
      await tick();
      assert.notEqual((await row(id)).probe_at, null);
      response(200);
      await sendTest(id);
      assert.equal((await row(id)).probe_at, null);
    });

    it("sends one probe when a person resumes the connection, and the backlog after it succeeds", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      await accept("a.0", "a.1", "a.2");
      await tick();
      await accept(...Array(10).fill("b.c"));
      await test.context.store.db
        .updateTable("connections")
        .set({ status: "paused", paused_reason: "manual" })
        .execute();
      await resume(test.context.services.integrations, actor(), id);
      await tick();
      assert.equal(receiver.received.length, 4, "one, which fails");
      test.clock.now += 2 * SECOND;
      response(200);
      await tick();
      assert.equal(receiver.received.length, 16, "all twelve that waited");
    });

    it("ignores our own faults, and so does the receiver's health", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await accept("a.b");
      await tick();
      const before = await row(id);
      await setSealed(id, "v1.unknown.AAAA");
      await fails(id, 0, 1, 2, 3, 4, 5, 6);
      const after = await row(id);
      assert.deepEqual(
        [after.health, after.consecutive_failures, after.receiver_faults, after.probe_at, after.status],
        ["healthy", 0, 0, null, "connected"],
      );
      assert.equal(after.last_error_code, "credentials_unreadable", "it is shown nevertheless");
      assert.equal(receiver.received.length, 1);
      await setSealed(id, before.sealed_credentials);
      await accept("a.b");
      await tick();
      assert.equal((await row(id)).last_error_code, null);
    });

    const setSealed = async (id: string, sealed: string | null) => {
      await test.context.store.db
        .updateTable("connections")
        .set({ sealed_credentials: sealed, version: sql`version + 1` })
        .where("id", "=", id)
        .execute();
    };
  });

  describe("a connection is not paused as failing", () => {
    it("when a test failed a week before one delivery did", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(502);
      await sendTest(id);
      const { status, failing_since } = await fails(id, 7);
      assert.equal(status, "connected");
      assert.equal(failing_since, test.clock.now);
    });

    it("when two deliveries failed a week apart", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(502);
      assert.equal((await fails(id, 0, 7)).status, "connected");
    });

    it("when a test succeeds in between", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      await fails(id, 0, 1, 2, 3, 4);
      response(200);
      await sendTest(id);
      response(500);
      assert.equal((await fails(id, 1)).status, "connected");
    });

    it("just after it was resumed", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      const paused = await fails(id, 0, 1, 2, 3, 4, 5);
      assert.deepEqual([paused.status, paused.paused_reason], ["paused", "failing"]);
      const runBeganAt = paused.first_failure_at;
      await resume(test.context.services.integrations, actor(), id);
      const after = await fails(id, 0, 1);
      assert.equal(after.status, "connected");
      assert.equal(after.first_failure_at, runBeganAt, "nothing has arrived since");
    });
  });

  if (dialect === "postgres") {
    describe("a change that commits while an attempt is being recorded", () => {
      /** A change of the connection whose transaction stays open until the test lets it commit. */
      const held = () => {
        let commit = () => {};
        const gate = new Promise<void>((resolve) => {
          commit = resolve;
        });
        let isHeld = false;
        const deps = {
          ...test.context.services.integrations,
          recordAudit: async (...of: Parameters<typeof test.context.services.integrations.recordAudit>) => {
            await test.context.services.integrations.recordAudit(...of);
            isHeld = true;
            await gate;
          },
        };
        return { deps, commit, isOpen: () => isHeld };
      };
      const isRecordingBlocked = async () => {
        const { rows } = await sql<{ waiting: number }>`
          select count(*)::int as waiting from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`.execute(test.context.store.db);
        return (rows[0]?.waiting ?? 0) > 0;
      };
      /** An attempt that gets a response with this status while the change is under way. */
      const respondDuring = async (
        status: number,
        change: (id: string, deps: typeof test.context.services.integrations) => Promise<unknown>,
        headers: Record<string, string> = {},
      ) => {
        const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
        let respond = () => {};
        receiver.respond = (response) => {
          respond = () => void response.writeHead(status, headers).end();
        };
        await accept("a.b");
        const sent = tick();
        await until(() => receiver.received.length === 1);
        const { deps, commit, isOpen } = held();
        const changed = change(id, deps);
        await until(isOpen);
        respond();
        await until(isRecordingBlocked);
        response(200);
        commit();
        await Promise.all([changed, sent]);
        return row(id);
      };

      it("keeps a disconnect that a 410 would have overwritten with a pause", async () => {
        const after = await respondDuring(410, (id, deps) => disconnect(deps, actor(), id));
        assert.deepEqual([after.status, after.paused_reason], ["disconnected", null]);
        assert.equal((await test.delivery(after.id)).status, "cancelled");
      });

      it("writes no result of the old receiver to a connection whose URL was replaced", async () => {
        const input = { webhookUrl: `${receiver.url}/new` };
        const after = await respondDuring(429, (id, deps) => update(deps, actor(), id, input), {
          "retry-after": "3600",
        });
        const {
          health,
          consecutive_failures: failures,
          receiver_faults: faults,
          last_error_code: error,
        } = after;
        assert.deepEqual([health, failures, faults, error], ["unknown", 0, 0, null]);
        assert.deepEqual([after.hold_until, after.first_failure_at, after.failing_since], [null, null, null]);
      });
    });
  }
});

function typeOf({ body }: Received): string {
  return (JSON.parse(body) as { type: string }).type;
}
