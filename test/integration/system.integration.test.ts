import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { newestMigrationNumber } from "../../src/db/migrate.ts";
import { newId } from "../../src/db/new-id.ts";
import { databaseClock } from "../../src/db/read-clock.ts";
import { presentSystem } from "../../src/http/schemas/system.ts";
import { logPending } from "../../src/statistics/log-entry.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, makeSqlite, type TestDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { createPostgresServer } from "../support/postgres-server.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { startWorker } from "../support/server.ts";
import { until } from "../support/until.ts";

const PATH = "/api/system";
const SILENT_MS = 20_000;
const VERSION: string = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"),
).version;

forEachDatabase((makeDatabase, dialect) => {
  describe("GET /api/system of a running server", () => {
    let instance: TestInstance;
    before(async () => {
      instance = await startInstance(makeDatabase);
    });
    after(() => instance.remove());

    it("shows version, database and workers", async () => {
      await until(async () => (await instance.api.get(PATH)).body.data.workers.length > 0);
      const { status, body } = await instance.api.get(PATH);
      assert.equal(status, 200);
      const { data } = body;
      assert.equal(body.object, "system");
      assert.equal(data.version, VERSION);
      assert.equal(data.node_version, process.version);
      assert.ok(Math.abs(Date.parse(data.started_at) - Date.now()) < 120_000);
      const { size_bytes, ...database } = data.database;
      assert.deepEqual(database, {
        kind: dialect,
        reachable: true,
        schema: newestMigrationNumber(),
        listening: dialect === "sqlite" ? null : true,
      });
      assert.ok(size_bytes > 50_000, String(size_bytes));
      assert.equal(data.workers.length, 1);
      const [worker] = data.workers;
      assert.equal(worker.pid, instance.server.process.pid);
      assert.equal(worker.host, hostname());
      assert.equal(worker.version, VERSION);
      assert.equal(worker.is_silent, false);
      assert.ok(Math.abs(Date.parse(worker.heartbeat_at) - Date.now()) < 30_000);
      assert.deepEqual(data.queue, { pending: 0, oldest_due_at: null });
      assert.deepEqual(data.egress, { proxy: false, allowed_ranges: 0, loopback_allowed: true });
      assert.deepEqual(data.retention, { last_pass_at: null });
    });

    it("is allowed for viewers and full-access keys, not for sending keys", async () => {
      assert.equal((await (await addUser(instance, "viewer")).get(PATH)).status, 200);
      const created = await instance.owner.post("/api/api-keys", { name: "S", access: "sending_access" });
      assert.equal(
        (await new ApiClient(instance.server.url, { key: created.body.key }).get(PATH)).status,
        403,
      );
      assert.equal((await new ApiClient(instance.server.url).get(PATH)).status, 401);
    });

    it("shows other workspaces only numbers and machines", async () => {
      const receiver = await startTestReceiver();
      const input = { name: "Confidential name", webhook_url: `${receiver.url}/hooks/confidential` };
      const { id } = (await instance.api.post("/api/integrations/webhook", input)).body.data;
      await instance.api.post("/api/events", { type: "confidential.type", data: {} });
      const { text } = await (await keyOfAnotherWorkspace(instance)).get(PATH);
      assert.ok(!text.includes(id));
      assert.doesNotMatch(text, /confidential|Workspace|@/i);
      await receiver.close();
    });

    if (dialect === "postgres") {
      it("lists a second process, and shows it as silent after it was killed", async () => {
        const worker = await startWorker(instance.environment);
        const workers = async () => (await instance.api.get(PATH)).body.data.workers;
        await until(async () => (await workers()).length === 2);
        assert.ok((await workers()).every((one: { is_silent: boolean }) => !one.is_silent));
        worker.process.kill("SIGKILL");
        await new Promise((resolve) => worker.process.once("exit", resolve));
        // Simulates 20 s of silence; the killed process sends no heartbeat that would undo this.
        const store = instance.database.open();
        await store.db
          .updateTable("workers")
          .set({ heard_at: Date.now() - SILENT_MS - 1000 })
          .where("pid", "=", worker.process.pid ?? 0)
          .execute();
        await store.close();
        const found = (await workers()).map((one: { pid: number; is_silent: boolean }) => [
          one.pid,
          one.is_silent,
        ]);
        assert.deepEqual(found, [
          [instance.server.process.pid, false],
          [worker.process.pid, true],
        ]);
      });
    }
  });

  describe("the state of the system", () => {
    let database: TestDatabase;
    let test: ServedApp;
    let receiver: TestReceiver;
    beforeEach(async () => {
      database = await makeDatabase();
      test = await serveTestApp(database);
      receiver = await startTestReceiver();
    });
    afterEach(async () => {
      await test.close();
      await receiver.close();
      await database.remove();
    });

    it("includes the number of pending deliveries and the oldest due time", async () => {
      // Before the connection exists, so that only the deliveries inserted below are pending.
      const eventId = await test.accept({ type: "a.b" });
      const connectionId = await test.connect({ webhookUrl: `${receiver.url}/hook` });
      const { now } = test.clock;
      const row = {
        workspace_id: test.workspaceId,
        event_id: eventId,
        connection_id: connectionId,
        trigger_kind: "schedule",
        attempt_count: 0,
        event_bytes: 2,
        created_at: now,
        updated_at: now,
      } as const;
      await test.context.store.db
        .insertInto("deliveries")
        .values([
          { id: newId(), ...row, status: "pending", next_attempt_at: now - 5000 },
          { id: newId(), ...row, status: "pending", next_attempt_at: now + 60_000 },
          { id: newId(), ...row, status: "delivered" },
        ])
        .execute();
      const { workspaceId } = test;
      await test.context.store.transact((trx) =>
        logPending(trx, [{ workspaceId, connectionId, change: 2 }], now),
      );
      await test.context.engine.folder.foldAll();
      assert.deepEqual((await test.api.get(PATH)).body.data.queue, {
        pending: 2,
        oldest_due_at: new Date(now - 5000).toISOString(),
      });
    });

    it("lists workers, marks them as silent 20 s after their last heartbeat, and omits stopped ones", async () => {
      const workers = async () => (await test.api.get(PATH)).body.data.workers;
      assert.deepEqual(await workers(), []);
      const row = {
        boot_id: "",
        host: "h",
        pid: 7,
        version: "1",
        started_at: 0,
        members: "[]",
        holding: "[]",
      };
      const read = sql<{
        now: number;
      }>`select ${databaseClock(test.context.store.dialect, () => test.clock.now)} as now`;
      const heardAt = (await read.execute(test.context.store.db)).rows[0]?.now ?? 0;
      const { db } = test.context.store;
      const beats = { quiet: SILENT_MS, late: SILENT_MS - 5000, gone: 3_600_000, stopped: 0 };
      for (const [id, ago] of Object.entries(beats)) {
        await db
          .insertInto("workers")
          .values({
            id,
            ...row,
            beat_at: test.clock.now - ago,
            heard_at: heardAt - ago,
            stopped_at: id === "stopped" ? 1 : null,
          })
          .execute();
      }
      assert.deepEqual(
        (await workers()).map((one: { id: string; is_silent: boolean }) => [one.id, one.is_silent]),
        [
          ["late", false],
          ["quiet", true],
          ["gone", true],
        ],
      );
    });

    it("includes the time of the last cleanup", async () => {
      while (await test.context.engine.retention.step(test.clock.now));
      assert.equal(
        (await test.api.get(PATH)).body.data.retention.last_pass_at,
        new Date(test.clock.now).toISOString(),
      );
    });
  });
});

describe("the encryption key", () => {
  const KEY = "Zm9yIHRlc3RzIG9ubHksIG5vdCBhIHJlYWwga2V5ISE=";
  const FALLBACK = "9f1c7e2ab04d58e6331f0a7cc2b1d94e5f60718293a4b5c6d7e8f90a1b2c3d4e";
  const PREVIOUS = ["an earlier key of enough randomness 5d81", "another earlier key, with a comma 77c2"];

  for (const { name, environment, source, previousKeys } of [
    {
      name: "from its own variable",
      environment: { INTEGRATION_SECRET_ENCRYPTION_KEY: KEY, WEBHOOK_SECRET_ENCRYPTION_KEY: FALLBACK },
      source: "INTEGRATION_SECRET_ENCRYPTION_KEY",
      previousKeys: 0,
    },
    {
      name: "from the fallback variable, with one earlier key that contains a comma",
      environment: {
        WEBHOOK_SECRET_ENCRYPTION_KEY: FALLBACK,
        INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: "a, comma in it 3f",
      },
      source: "WEBHOOK_SECRET_ENCRYPTION_KEY",
      previousKeys: 1,
    },
    {
      name: "generated for development, with two earlier keys",
      environment: { INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS: `${PREVIOUS[0]},${KEY}` },
      source: "data_folder",
      previousKeys: 2,
    },
  ]) {
    it(`${name} is shown only by its source, never by value or in part`, async () => {
      const instance = await startInstance(makeSqlite, environment);
      const { body, text } = await instance.api.get(PATH);
      assert.deepEqual(body.data.encryption_key, { source, previous_keys: previousKeys });
      const kept =
        source === "data_folder"
          ? [
              readFileSync(
                join(instance.database.dataDir, "integration-secret-encryption.key"),
                "utf8",
              ).trim(),
            ]
          : [];
      const secrets = [...kept, ...Object.values(environment)];
      assert.ok(secrets.length > 0);
      for (const secret of [...secrets, ...secrets.flatMap((value) => value.split(","))]) {
        if (secret.trim().length < 12) continue;
        assert.ok(!text.includes(secret.trim()));
        assert.ok(!text.includes(secret.trim().slice(0, 12)), "nor its beginning");
      }
      // Eight hexadecimal characters are the key's id, as in ciphertexts and in `opensend doctor`.
      const input = { webhook_url: "https://hooks.zapier.com/hooks/catch/1/a" };
      await instance.api.post("/api/integrations/webhook", input);
      const store = instance.database.open();
      const { sealed_credentials } = await store.db
        .selectFrom("connections")
        .select("sealed_credentials")
        .executeTakeFirstOrThrow();
      await store.close();
      const keyId = sealed_credentials?.split(".")[1] ?? "";
      assert.match(keyId, /^[0-9a-f]{8}$/);
      assert.ok(!text.includes(keyId));
      await instance.remove();
    });
  }
});

describe("the egress settings", () => {
  it("are shown as flags and a count, without addresses", async () => {
    const instance = await startInstance(makeSqlite, {
      OPENSEND_OUTBOUND_ALLOWED_CIDRS: "10.11.0.0/16, 192.168.7.7",
      OPENSEND_OUTBOUND_PROXY: "http://proxy-user:proxy-pass@10.11.12.13:3128",
    });
    const { body, text } = await instance.api.get(PATH);
    assert.deepEqual(body.data.egress, { proxy: true, allowed_ranges: 2, loopback_allowed: false });
    assert.doesNotMatch(text, /10\.11|192\.168|proxy-user|proxy-pass|3128/);
    await instance.remove();
  });
});

describe("an unreachable database", () => {
  it("is shown as unreachable, or causes a 503 if it is needed to identify the caller", async () => {
    const postgres = await createPostgresServer();
    const running = await postgres.start();
    const sqlite = await makeSqlite();
    const environment = { ...sqlite.environment, DATABASE_URL: postgres.url };
    const test = await serveTestApp({ ...sqlite, environment });
    assert.equal((await test.api.get(PATH)).body.data.database.reachable, true);
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGQUIT");
    await ended;
    const { data } = presentSystem(await test.context.services.instance.operations.system.read());
    assert.deepEqual(data.database, {
      kind: "postgres",
      reachable: false,
      schema: null,
      size_bytes: null,
      listening: false,
    });
    assert.deepEqual([data.queue, data.workers, data.version], [null, null, VERSION]);
    test.clock.now += 3_600_000; // by then no key is cached
    const response = await test.api.get(PATH);
    assert.equal(response.status, 503);
    assert.equal(response.body.code, "overloaded");
    await test.closeServer();
    await test.context.close();
    await sqlite.remove();
    postgres.remove();
  });
});
