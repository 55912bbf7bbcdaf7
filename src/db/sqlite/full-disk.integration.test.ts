import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { sql } from "kysely";
import { isDatabaseUnavailable } from "../database-error.ts";
import { openStore } from "../open.ts";

const FEW_PAGES = 20;
const MANY_PAGES = 1_000_000;

it("reports a full disk as an unavailable database, stores nothing partially, and continues when there is room", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
  const store = openStore({ databaseUrl: null, dataDir, onConnectionError: () => undefined });
  const limitPages = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(store.db);
  const write = (rows: number) =>
    store.transact(async (trx) => {
      for (let row = 0; row < rows; row++) await sql`insert into t values (${"x".repeat(4000)})`.execute(trx);
    });
  const count = async () =>
    (await sql<{ n: number }>`select count(*) as n from t`.execute(store.db)).rows[0]?.n;
  await sql`create table t (x text)`.execute(store.db);
  await write(1);
  await limitPages(FEW_PAGES);
  await assert.rejects(write(200), isDatabaseUnavailable);
  assert.equal(await count(), 1);
  await limitPages(MANY_PAGES);
  await write(200);
  assert.equal(await count(), 201);
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});
