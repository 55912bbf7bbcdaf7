import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { createApiKey } from "../../src/auth/api-keys.ts";
import { countAttempt } from "../../src/auth/sign-in-throttle.ts";
import { newestHeartbeat } from "../../src/dispatch/newest-heartbeat.ts";
import { ANY_DELIVERY } from "../../src/history/read-filter.ts";
import type { ReplayFilter } from "../../src/replays/replay-row.ts";
import { startReplay } from "../../src/replays/start.ts";
import { stepReplays } from "../../src/replays/step.ts";
import { createClock, type SteppedClock } from "../chaos/clock.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, openMigrated, type TestDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { type Received, startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { startServer } from "../support/server.ts";
import { openTestApp, type TestApp } from "../support/test-app.ts";
import { until } from "../support/until.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LIMITS = { ordered: false, concurrency: 10, rateLimitPerMinute: null };

forEachDatabase((makeDatabase, dialect) => {
  let receiver: TestReceiver;

  beforeEach(async () => {
    receiver = await startTestReceiver();
  });
  afterEach(() => receiver.close());

  const response = (status: number, headers: Record<string, string> = {}) => {
    receiver.respond = (response) => void response.writeHead(status, headers).end();
  };
  const typesReceived = () => receiver.received.map(typeOf);

  describe("a clock that was set back by an hour since a deadline was stored", () => {
    let database: TestDatabase;
    let test: TestApp;

    beforeEach(async () => {
      database = await makeDatabase();
      test = await openTestApp(database);
    });
    afterEach(async () => {
      await test.close();
      await database.remove();
    });

    const tick = () => test.context.engine.worker.tick();
    const stepBack = () => {
      test.clock.now -= HOUR;
    };
    const acceptAll = async (...types: readonly string[]) => {
      for (const type of types) {
        await test.accept({ type });
        test.clock.now += 1;
      }
    };
    const actor = () =>
      ({ kind: "system", id: null, name: "Test", workspaceId: test.workspaceId, address: null }) as const;

    it("does not keep a rate limit from recovering", async () => {
      const limits = { ...LIMITS, rateLimitPerMinute: 120 };
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits });
      await acceptAll("old.0", "old.1");
      await tick();
      stepBack();
      await acceptAll("new.0", "new.1", "new.2");
      await tick();
      assert.deepEqual(typesReceived().slice(2), ["new.0", "new.1"], "a second's worth");
      test.clock.now += 500;
      await tick();
      assert.deepEqual(typesReceived().slice(4), ["new.2"], "and its limit is kept");
    });

    it("ends a Retry-After pause of ten seconds", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(429, { "retry-after": "10" });
      await acceptAll("old");
      await tick();
      stepBack();
      response(200);
      await acceptAll("new");
      await tick();
      assert.deepEqual(typesReceived(), ["old", "new"]);
    });

    it("makes an open circuit breaker half-open, and its delays start over", async () => {
      const id = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      response(500);
      await acceptAll("old.0", "old.1", "old.2");
      await tick();
      stepBack();
      await acceptAll("new.0", "new.1");
      await tick();
      assert.equal(receiver.received.length, 4, "one probe");
      const row = await test.context.store.db
        .selectFrom("connections")
        .select("probe_at")
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      const waitMs = (row.probe_at ?? 0) - test.clock.now;
      assert.ok(waitMs > SECOND && waitMs <= 2 * SECOND, `${waitMs} ms`);
      test.clock.now += 2 * SECOND;
      response(200);
      await tick();
      assert.deepEqual(typesReceived().slice(4), ["new.1"]);
    });

    it("does not block the queue behind the head of a connection in strict order", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook`, limits: { ...LIMITS, ordered: true } });
      response(500);
      await acceptAll("head");
      await tick();
      stepBack();
      response(200);
      await acceptAll("new.0", "new.1");
      await tick();
      assert.deepEqual(typesReceived(), ["head", "new.0", "new.1"]);
    });

    it("does not stop a replay", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      await acceptAll("a.0", "a.1", "a.2");
      await tick();
      const { deliveries } = test.context.services;
      const filter: ReplayFilter = { ...ANY_DELIVERY, statuses: ["delivered"] };
      await startReplay(deliveries, actor(), { filter, ratePerSecond: 1, starts: "now", healthyOnly: false });
      await stepReplays(deliveries, test.clock.now);
      await tick();
      assert.equal(receiver.received.length, 4);
      stepBack();
      await stepReplays(deliveries, test.clock.now);
      await tick();
      assert.equal(receiver.received.length, 5);
      await stepReplays(deliveries, test.clock.now);
      await tick();
      assert.equal(receiver.received.length, 5, "and its rate is kept");
    });

    it("does not throttle sign-ins for the length of the step", async () => {
      const { db } = test.context.store;
      const of = { email: "ada@example.com", address: "192.0.2.1" };
      const attempt = () => countAttempt(db, "a session secret for tests, long enough", of, test.clock.now);
      for (let n = 0; n < 5; n++) await attempt();
      await assert.rejects(attempt(), { code: "sign_in_throttled" });
      stepBack();
      for (let n = 0; n < 5; n++) await attempt();
      await assert.rejects(attempt(), { code: "sign_in_throttled" });
    });

    it("does not keep an API key valid that another process has revoked", async () => {
      const { db } = test.context.store;
      const input = { name: "Test", access: "full_access", expiresAt: null } as const;
      const { apiKey, key } = await createApiKey(test.context.services.access.apiKeys, actor(), input);
      const { keyLookup } = test.context.services.access;
      assert.equal((await keyLookup.find(key, "127.0.0.1"))?.keyId, apiKey.id);
      await db.updateTable("api_keys").set({ revoked_at: test.clock.now }).execute();
      stepBack();
      assert.equal(await keyLookup.find(key, "127.0.0.1"), null);
    });

    it("or by days does not delay deliveries for longer than the longest retry delay", async () => {
      await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const now = test.clock.now;
      test.clock.now = now + 9 * DAY;
      response(500);
      await acceptAll("a.0");
      await tick();
      test.clock.now = now;
      response(200);
      await tick();
      await tick();
      assert.deepEqual(typesReceived(), ["a.0", "a.0"]);
    });
  });

  it("newestHeartbeat is the latest end or heartbeat of any worker, so that restarts do not add to it", async () => {
    const { store, remove } = await openMigrated(makeDatabase);
    const worker = {
      boot_id: "",
      host: "host",
      pid: 1,
      version: "0",
      started_at: 0,
      heard_at: 0,
      members: "[]",
      holding: "[]",
    };
    const add = (id: string, beat_at: number, stopped_at: number | null) =>
      store.db
        .insertInto("workers")
        .values({ ...worker, id: `${id}0000000-0000-7000-8000-000000000000`, beat_at, stopped_at })
        .execute();
    assert.equal(await newestHeartbeat(store.db), null);
    await add("1", 10_000, 11_000);
    assert.equal(await newestHeartbeat(store.db), 11_000);
    await add("2", 10_500, null);
    assert.equal(await newestHeartbeat(store.db), 11_000);
    await add("3", 11_500, null);
    assert.equal(await newestHeartbeat(store.db), 11_500);
    await remove();
  });

  describe("a server whose clock is set back by an hour", () => {
    let instance: TestInstance;
    let clock: SteppedClock;
    let folder: string;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "opensend-clock-"));
      clock = createClock(folder);
      instance = await startInstance(makeDatabase, clock.environment);
    });
    afterEach(async () => {
      await instance.remove();
      rmSync(folder, { recursive: true, force: true });
    });

    const post = async (api: ApiClient, ...types: readonly string[]) => {
      for (const type of types) {
        const { status } = await api.post("/api/events", { type, data: {} });
        assert.equal(status, 202);
      }
    };
    const listed = async (api: ApiClient): Promise<string[]> => {
      const { body } = await api.get("/api/events");
      return body.data.map(({ type }: { type: string }) => type);
    };
    const signedAt = (type: string) => {
      const request = receiver.received.find((one) => typeOf(one) === type);
      return Number(request?.headers["webhook-timestamp"] ?? 0) * SECOND;
    };
    /** Posts events until one is signed with the time of the stepped clock. */
    const stepTo = async (api: ApiClient, byMs: number, offsetMs: number): Promise<string[]> => {
      clock.step(byMs);
      const sent: string[] = [];
      await until(async () => {
        const type = `probe.${receiver.received.length}`;
        await post(api, type);
        sent.push(type);
        await until(() => typesReceived().includes(type));
        return Math.abs(signedAt(type) - (Date.now() + offsetMs)) < MINUTE;
      });
      return sent;
    };

    if (dialect === "postgres")
      it("that is ahead of the database's clock logs it, and delivers", async () => {
        const input = { webhook_url: `${receiver.url}/hook`, event_types: ["*"] };
        assert.equal((await instance.api.post("/api/integrations/webhook", input)).status, 201);
        clock.step(HOUR);
        await until(() => instance.server.output().includes("that of the database differ"));
        await post(instance.api, "after.0");
        await until(() => receiver.received.length === 1);
        assert.match(instance.server.output(), /"ahead_ms":3[56]\d{5},/);
      });

    it("lists in order of acceptance, delivers without delay and signs with the wall clock, also after a restart", async () => {
      const created = await instance.api.post("/api/integrations/webhook", {
        name: "Ordered",
        webhook_url: `${receiver.url}/hook`,
        signing_secret: "a secret for tests",
        event_types: ["*"],
        ordered: true,
        rate_limit_per_minute: 6000,
      });
      assert.equal(created.status, 201);
      const accepted = ["before.0", "before.1"];
      await post(instance.api, ...accepted);
      accepted.push(...(await stepTo(instance.api, -HOUR, -HOUR)));
      await post(instance.api, "after.0", "after.1");
      accepted.push("after.0", "after.1");
      await until(() => receiver.received.length === accepted.length);
      assert.deepEqual(typesReceived(), accepted, "sent in order");
      assert.deepEqual(await listed(instance.api), accepted.toReversed());

      await instance.server.stop();
      const restarted = await startServer(instance.environment, { dataDir: instance.database.dataDir });
      try {
        const api = new ApiClient(restarted.url, { key: instance.key });
        await post(api, "restarted.0", "restarted.1");
        accepted.push("restarted.0", "restarted.1");
        await until(() => receiver.received.length === accepted.length);
        assert.deepEqual(typesReceived(), accepted, "sent in order");
        assert.deepEqual(await listed(api), accepted.toReversed());
        assert.ok(Math.abs(signedAt("restarted.0") - (Date.now() - HOUR)) < MINUTE);
      } finally {
        await restarted.stop();
      }
    });
  });
});

function typeOf({ body }: Received): string {
  return (JSON.parse(body) as { type: string }).type;
}
