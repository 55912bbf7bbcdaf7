import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { it } from "node:test";
import { Worker } from "node:worker_threads";
import { backUp } from "./back-up.ts";

const ROWS = 20_000;
const DEADLINE_MS = 30_000;

/** Writes continuously, as another process would. */
const WRITER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { DatabaseSync } = require("node:sqlite");
  const database = new DatabaseSync(workerData, { timeout: 5000 });
  database.exec("pragma synchronous = off");
  const insert = database.prepare("insert into t (x) values ('new')");
  insert.run();
  parentPort.postMessage("writing");
  for (;;) insert.run();
`;

it("completes a backup during continuous writes, with everything that existed when it began", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  const path = join(folder, "source.db");
  const source = new DatabaseSync(path);
  source.exec("pragma journal_mode = wal; create table t (x text)");
  source.exec(`insert into t with recursive c (n) as (select 1 union all select n + 1 from c where n < ${ROWS})
    select hex(zeroblob(500)) from c`);
  const writer = new Worker(WRITER, { eval: true, workerData: path });
  await new Promise((resolve) => writer.once("message", resolve));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the copy does not come to its end")), DEADLINE_MS);
  });
  try {
    await Promise.race([backUp(path, join(folder, "copy.db")), late]);
    const copy = new DatabaseSync(join(folder, "copy.db"));
    const [row] = copy.prepare("select count(*) as count from t where x <> 'new'").all();
    assert.equal(row?.["count"], ROWS);
    copy.close();
  } finally {
    clearTimeout(timer);
    await writer.terminate();
    source.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
