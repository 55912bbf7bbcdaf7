import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import pg from "pg";
import { newId } from "../../src/db/new-id.ts";
import { containersMissing } from "../support/container.ts";
import { forEachDatabase, makePostgres, makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { needs } from "../support/needs.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { runCommand } from "../support/server.ts";
import { until } from "../support/until.ts";

/** The doctor checks whether the internet is reachable, which tests must not depend on. */
const UNREACHABLE_PROXY = { OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9" };
/** With these, nothing is created in the data folder. */
const KEYS = {
  INTEGRATION_SECRET_ENCRYPTION_KEY: "a test key with enough randomness 7f3a",
  OPENSEND_SESSION_SECRET: "a session secret for tests, long enough",
};

const ready = (instance: TestInstance) => instance.api.get("/api/ready");
const isReady = async (instance: TestInstance) => (await ready(instance)).status === 200;
const doctor = (instance: TestInstance, environment: Record<string, string> = {}) =>
  runCommand(["doctor"], { ...instance.environment, ...UNREACHABLE_PROXY, PORT: "0", ...environment });

async function execute(instance: TestInstance, statement: string): Promise<void> {
  const store = instance.database.open();
  await sql.raw(statement).execute(store.db);
  await store.close();
}

forEachDatabase((makeDatabase, dialect) => {
  describe("a server with a changed schema", () => {
    let instance: TestInstance;
    let receiver: TestReceiver;
    before(async () => {
      receiver = await startTestReceiver();
      instance = await startInstance(makeDatabase);
    });
    after(async () => {
      await instance.remove();
      await receiver.close();
    });

    it("is not ready while a column of the queue is missing, and names the column", async () => {
      assert.equal(await isReady(instance), true);
      await execute(instance, "alter table deliveries drop column event_bytes");
      await until(async () => !(await isReady(instance)));
      const refused = await ready(instance);
      assert.match(refused.headers.get("content-type") ?? "", /application\/problem\+json/);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      assert.equal(refused.body.code, "overloaded");
      assert.match(refused.body.detail, /The table `deliveries` has no column `event_bytes`\./);
      assert.equal((await instance.api.get("/api/health")).status, 200, "restarting it is no cure");

      const found = await doctor(instance, { PORT: new URL(instance.server.url).port });
      assert.equal(found.code, 1);
      assert.match(found.stdout, /FAIL {2}database .*`deliveries` has no column `event_bytes`/);
      assert.match(found.stdout, /FAIL {2}port .* not ready: .*`event_bytes`/);

      const second = await runCommand(["start"], { ...instance.environment, PORT: "0" });
      assert.equal(second.code, 1);
      assert.match(second.stderr, /^The table `deliveries` has no column `event_bytes`\. .*restore a backup/);

      await execute(instance, "alter table deliveries add column event_bytes bigint not null default 0");
      await until(() => isReady(instance));
    });

    it("is not ready while attempts cannot be recorded although all columns exist", async (t) => {
      await instance.api.post("/api/integrations/webhook", {
        webhook_url: `${receiver.url}/hook`,
      });
      const refuse =
        dialect === "sqlite"
          ? [
              "create trigger refuse before update on deliveries begin select raise(abort, 'secret words'); end",
            ]
          : [
              "create function refuse() returns trigger language plpgsql as $$ begin raise 'secret words'; end $$",
              "create trigger refuse before update on deliveries for each row execute function refuse()",
            ];
      const allow = () =>
        execute(instance, `drop trigger if exists refuse${dialect === "sqlite" ? "" : " on deliveries"}`);
      t.after(allow);
      for (const statement of refuse) await execute(instance, statement);
      await instance.api.post("/api/events", { type: "a.b", data: {} });
      await until(async () => !(await isReady(instance)));
      const { detail } = (await ready(instance)).body;
      assert.match(detail, /^Attempts cannot be recorded\./);
      assert.doesNotMatch(detail, /secret words/);
      const metrics = await (await fetch(`${instance.server.url}/metrics`)).text();
      assert.match(metrics, /^opensend_work_failing\{work="record"\} 1$/m);
      const found = await doctor(instance);
      assert.equal(found.code, 1);
      assert.match(found.stdout, /FAIL {2}writes: the database refuses them/);
      assert.doesNotMatch(found.stdout, /secret words/);
      await allow();
      await until(() => receiver.received.length === 1);
      await until(() => isReady(instance));
    });
  });

  describe("the doctor", () => {
    it("leaves no rows behind, and finds out whether a worker is running", async (t) => {
      const instance = await startInstance(makeDatabase);
      t.after(() => instance.remove());
      const found = await doctor(instance, { PORT: new URL(instance.server.url).port });
      assert.equal(found.code, 0, found.stdout);
      assert.match(found.stdout, /ok {4}writes/);
      assert.match(found.stdout, /ok {4}workers: 1 at work/);
      assert.match(found.stdout, /ok {4}port .*taken by OpenSend, which is ready/);
      const store = instance.database.open();
      for (const table of ["events", "deliveries", "attempts"] as const) {
        const { count } = await store.db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll().as("count"))
          .executeTakeFirstOrThrow();
        assert.equal(Number(count), 0, table);
      }
      await store.db.updateTable("workers").set({ stopped_at: Date.now() }).execute();
      await store.close();
      assert.match((await doctor(instance)).stdout, /warn {2}workers: none running/);
    });
  });
});

describe("a read-only PostgreSQL", () => {
  it("makes the server not ready and refuse events, until writes are possible again", async (t) => {
    const instance = await startInstance(makePostgres);
    t.after(() => instance.remove());
    const url = new URL(instance.database.databaseUrl ?? "");
    const name = url.pathname.slice(1);
    url.pathname = "/postgres";
    const administrator = new pg.Client({ connectionString: url.href });
    await administrator.connect();
    t.after(() => administrator.end());
    const switchTo = async (setting: string) => {
      await administrator.query(`alter database ${name} ${setting}`);
      await administrator.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
        name,
      ]);
    };
    await switchTo("set default_transaction_read_only = on");
    await until(async () => !(await isReady(instance)));
    await until(async () => /cannot renew its heartbeat/.test((await ready(instance)).body.detail ?? ""));
    const event = { id: newId(), type: "a.b", data: {} };
    assert.equal((await instance.api.post("/api/events", event)).status, 503);
    const found = await doctor(instance);
    assert.equal(found.code, 1);
    assert.match(found.stdout, /FAIL {2}writes: the database refuses them \(25006\)/);
    await switchTo("reset default_transaction_read_only");
    await until(() => isReady(instance));
    await until(async () => (await instance.api.post("/api/events", event)).status === 202);
  });
});

describe("a full disk under the embedded database", () => {
  it("makes the server not ready and refuse events, until there is space", {
    skip: needs("prlimit"),
  }, async () => {
    const instance = await startInstance(makeSqlite);
    const limit = (bytes: string) => {
      const { status } = spawnSync("prlimit", [`--pid=${instance.server.process.pid}`, `--fsize=${bytes}:`]);
      assert.equal(status, 0);
    };
    // No file can grow beyond 8 KiB, which looks like a full disk to SQLite.
    limit("8192");
    await until(async () => !(await isReady(instance)));
    assert.match((await ready(instance)).body.detail, /cannot renew its heartbeat/);
    const event = { id: newId(), type: "a.b", data: {} };
    const refused = await instance.api.post("/api/events", event);
    assert.equal(refused.status, 503);
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    limit("unlimited");
    await until(() => isReady(instance));
    assert.equal((await instance.api.post("/api/events", event)).status, 202);
  });

  it("is found by the doctor", { skip: containersMissing }, async () => {
    const database = await makeSqlite();
    assert.equal((await runCommand(["migrate"], database.environment)).code, 0);
    const full = mkdtempSync(join(tmpdir(), "opensend-test-"));
    // A separate file system with the database and little free space.
    const within = [
      ...["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"],
      `mount -t tmpfs -o size=8m tmpfs "$0" && cp "$1"/* "$0" &&
        dd if=/dev/zero of="$0/ballast" bs=1024 count=$(($(df -k --output=avail "$0" | tail -n 1) - 1024)) 2>/dev/null &&
        { shift; exec "$@"; }`,
      ...[full, database.dataDir],
    ];
    const environment = { OPENSEND_DATA_DIR: full, ...KEYS, ...UNREACHABLE_PROXY, PORT: "0" };
    const found = await runCommand(["doctor"], environment, within);
    assert.equal(found.code, 1, found.stdout + found.stderr);
    assert.match(found.stdout, /FAIL {2}writes: the database refuses them \(SQLite 13\)/);
    assert.match(found.stdout, /FAIL {2}disk: [01] MiB free/);
    rmSync(full, { recursive: true, force: true });
    await database.remove();
  });

  it("and an unusable data folder are reported by the doctor with a fix", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
    mkdirSync(join(dataDir, "opensend.db"));
    const found = await runCommand(["doctor"], {
      OPENSEND_DATA_DIR: dataDir,
      ...UNREACHABLE_PROXY,
      PORT: "0",
    });
    assert.equal(found.code, 1);
    assert.match(found.stdout, /FAIL {2}data folder: .* cannot be used \(.+\)\n +Let the user/);
    assert.doesNotMatch(found.stderr, / at /);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
