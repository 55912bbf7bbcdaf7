import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { ApiClient } from "../support/api-client.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { runCommand, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

/**
 * Replicates the embedded database with Litestream while a server writes, kills the server, and continues with the
 * copy. Needs Litestream: `go install github.com/benbjohnson/litestream/cmd/litestream@latest`.
 *
 *   npm run test:litestream
 */
const CONFIGURATION = join(import.meta.dirname, "..", "..", "deploy", "litestream", "litestream.yml");
const KEYS = {
  INTEGRATION_SECRET_ENCRYPTION_KEY: "the key of a restore test, 8f1c77aa",
  OPENSEND_SESSION_SECRET: "a session secret of a restore test, long enough",
};
const EVENTS = 2000;
const run = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "opensend-litestream-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a copy taken while the server writes is complete, and a server runs on it", {
  timeout: 120_000,
}, async () => {
  const receiver = await startTestReceiver();
  const instance = await startInstance(makeSqlite, KEYS);
  const configuration = configure(instance);
  const litestream = spawn("litestream", ["replicate", "-config", configuration], { stdio: "ignore" });
  try {
    const created = await instance.api.post("/api/integrations/webhook", {
      name: "Copied",
      webhook_url: `${receiver.url}/hook`,
      signing_secret: "a secret that must open again",
    });
    assert.equal(created.status, 201, created.text);
    const ids = await postEvents(instance);
    const restored = join(folder, "restored");
    mkdirSync(restored, { mode: 0o700 });
    await until(async () => (await restore(instance, configuration, restored)) >= EVENTS, "all is copied");
    await instance.server.kill();
    await end(litestream);
    const environment = { ...instance.environment, OPENSEND_DATA_DIR: restored };
    const doctor = await runCommand(["doctor"], environment);
    assert.equal(doctor.code, 0, doctor.stdout);
    const server = await startServer(environment, { dataDir: restored });
    try {
      const api = new ApiClient(server.url, { key: instance.key });
      for (const id of [ids[0], ids.at(-1)]) assert.equal((await api.get(`/api/events/${id}`)).status, 200);
      const tested = await api.post(`/api/integrations/connections/${created.body.data.id}/test`);
      assert.equal(tested.body.delivery.ok, true, tested.text);
    } finally {
      await server.stop();
    }
  } finally {
    await end(litestream);
    await instance.remove();
    await receiver.close();
  }
});

/** The unchanged file, except for the paths of the database and the copy. */
function configure({ database }: TestInstance): string {
  const file = join(folder, "litestream.yml");
  const text = readFileSync(CONFIGURATION, "utf8")
    .replace("/var/lib/opensend/opensend.db", join(database.dataDir, "opensend.db"))
    .replace("s3://BUCKET/opensend", `file://${join(folder, "copy")}`);
  writeFileSync(file, text);
  return file;
}

async function postEvents({ api }: TestInstance): Promise<string[]> {
  const batches = Array.from({ length: EVENTS / 100 }, async () => {
    const events = Array.from({ length: 100 }, () => ({ type: "a.b", data: { text: "x".repeat(500) } }));
    const sent = await api.post("/api/events/batch", events);
    assert.equal(sent.status, 202, sent.text);
    return (sent.body.data as { id: string }[]).map(({ id }) => id);
  });
  return (await Promise.all(batches)).flat();
}

/** Restores the current copy. Returns the number of events in it. */
async function restore({ database }: TestInstance, configuration: string, to: string): Promise<number> {
  const file = join(to, "opensend.db");
  for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
  const source = join(database.dataDir, "opensend.db");
  await run("litestream", ["restore", "-config", configuration, "-if-replica-exists", "-o", file, source]);
  const copy = new DatabaseSync(file);
  try {
    const row = copy.prepare("select count(*) as events from events where type = 'a.b'").get();
    return Number(row?.["events"] ?? 0);
  } catch {
    // Nothing has been copied yet.
    return 0;
  } finally {
    copy.close();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
