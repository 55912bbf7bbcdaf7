import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { runCommand, startServer } from "../support/server.ts";

const KEYS = {
  INTEGRATION_SECRET_ENCRYPTION_KEY: "the key of a backup test, 8f1c77aa",
  OPENSEND_SESSION_SECRET: "a session secret of a backup test, long enough",
};

describe("opensend backup", () => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let folder: string;
  before(async () => {
    instance = await startInstance(makeSqlite, KEYS);
    receiver = await startTestReceiver();
    folder = mkdtempSync(join(tmpdir(), "opensend-backup-"));
  });
  after(async () => {
    await instance.remove();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const backUp = (file: string, environment: Record<string, string> = {}) =>
    runCommand(["backup", file], { ...instance.environment, ...environment });

  it("copies a database during writes, and a restore has everything that was acknowledged before", async () => {
    const created = await instance.api.post("/api/integrations/webhook", {
      name: "Backed up",
      webhook_url: `${receiver.url}/hooks/one`,
      signing_secret: "a secret that must open again",
    });
    assert.equal(created.status, 201, created.text);
    const acknowledged: string[] = [];
    let isPosting = true;
    const posting = Array.from({ length: 4 }, async () => {
      while (isPosting) {
        const response = await instance.api.post("/api/events", {
          type: "a.b",
          data: { text: "x".repeat(2000) },
        });
        assert.equal(response.status, 202, response.text);
        acknowledged.push(response.body.data.id);
      }
    });
    const until = async (count: number) => {
      const deadline = Date.now() + 30_000;
      while (acknowledged.length < count) {
        assert.ok(Date.now() < deadline, `${acknowledged.length} of ${count} events`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await until(200);
    const before = [...acknowledged];
    const file = join(folder, "opensend-backup.db");
    const run = await backUp(file);
    await until(acknowledged.length + 20);
    isPosting = false;
    await Promise.all(posting);
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, new RegExp(`^wrote ${file}, ${statSync(file).size} bytes, checked\n`));
    assert.match(run.stdout, /INTEGRATION_SECRET_ENCRYPTION_KEY separately/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["opensend-backup.db"], "nothing is left beside it");

    // The steps of docs/backup.md.
    const dataDir = join(folder, "restored");
    const restored = { ...KEYS, OPENSEND_DATA_DIR: dataDir, OPENSEND_RATE_LIMIT_PER_MINUTE: "0" };
    assert.equal((await runCommand(["migrate"], restored)).code, 0);
    for (const suffix of ["-wal", "-shm"]) rmSync(join(dataDir, `opensend.db${suffix}`), { force: true });
    copyFileSync(file, join(dataDir, "opensend.db"));
    const doctor = await runCommand(["doctor"], {
      ...restored,
      OPENSEND_OUTBOUND_PROXY: "http://127.0.0.1:9",
    });
    assert.match(doctor.stdout, /opens all 1 that are sealed/);
    const server = await startServer(restored, { dataDir });
    const api = new ApiClient(server.url, { key: instance.key });
    for (const id of before) {
      const found = await api.get(`/api/events/${id}`);
      assert.equal(found.status, 200, `${id}: ${found.text}`);
    }
    const tested = await api.post(`/api/integrations/connections/${created.body.data.id}/test`);
    assert.equal(tested.body.delivery.ok, true, tested.text);
    assert.equal(await server.stop(), 0);
  });

  it("overwrites no existing file", async () => {
    const file = join(folder, "kept.txt");
    writeFileSync(file, "mine");
    const run = await backUp(file);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /kept\.txt or its unfinished .*kept\.txt\.partial exists/);
    assert.equal(statSync(file).size, 4);
    assert.ok(!existsSync(`${file}.partial`));
  });

  it("names the path where there is no database, and the one it cannot write to", async () => {
    const nowhere = await backUp(join(folder, "a.db"), { OPENSEND_DATA_DIR: join(folder, "empty") });
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /There is no database at .*empty.*OPENSEND_DATA_DIR/);
    assert.ok(!existsSync(join(folder, "empty")), "and makes none");
    const missing = await backUp(join(folder, "missing", "a.db"));
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Cannot write .*a\.db \(ENOENT\)/);
  });

  for (const [what, start] of [
    ["cannot be read", (_bytes: number) => 8 * 4096],
    ["is not sound at its end", (bytes: number) => bytes - 4096],
  ] as const) {
    it(`does not copy a database that ${what}`, async () => {
      const dataDir = mkdtempSync(join(folder, "damaged-"));
      assert.equal((await runCommand(["migrate"], { OPENSEND_DATA_DIR: dataDir })).code, 0);
      const path = join(dataDir, "opensend.db");
      const content = readFileSync(path);
      writeFileSync(path, content.fill(0xff, start(content.length)));
      const file = join(dataDir, "copy.db");
      const run = await backUp(file, { OPENSEND_DATA_DIR: dataDir });
      assert.equal(run.code, 1);
      assert.match(
        run.stderr,
        /^Nothing was written. The database .*opensend.db is damaged: .*restore the latest backup/,
      );
      assert.ok(!existsSync(file));
      assert.ok(!existsSync(`${file}.partial`));
    });
  }

  it("points to pg_dump when the database is PostgreSQL", async () => {
    const file = join(folder, "postgres.db");
    const run = await backUp(file, { DATABASE_URL: "postgres://user:s3cr3t@127.0.0.1:1/db" });
    assert.equal(run.code, 2);
    assert.match(run.stderr, /pg_dump/);
    assert.doesNotMatch(run.stdout + run.stderr, /s3cr3t/);
    assert.ok(!existsSync(file));
  });
});
