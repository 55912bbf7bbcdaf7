import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { openStore, SQLITE_FILE, type Store } from "../open.ts";

describe("the embedded database's file", () => {
  let dataDir: string;
  let path: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "opensend-test-"));
    path = join(dataDir, SQLITE_FILE);
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const open = () => openStore({ databaseUrl: null, dataDir, onConnectionError: () => undefined });
  const pragma = async ({ db }: Store, name: string) =>
    Number(Object.values((await sql.raw<object>(`pragma ${name}`).execute(db)).rows[0] ?? {})[0]);
  const write = async ({ db }: Store, rows: number) => {
    await sql`create table if not exists t (x text)`.execute(db);
    await sql`insert into t with recursive c (n) as (select 1 union all select n + 1 from c where n < ${rows})
      select hex(zeroblob(4000)) from c`.execute(db);
  };
  const empty = ({ db }: Store) => sql`delete from t`.execute(db);
  const shrink = async (store: Store) => {
    let given = 0;
    for (;;) {
      const step = await store.transact(async () => store.upkeep?.shrink(300) ?? 0);
      assert.ok(step <= 300);
      given += step;
      if (step === 0) return given;
    }
  };

  it("returns space in steps, and keeps a part for new events", async () => {
    const store = open();
    await write(store, 8000);
    const full = await pragma(store, "page_count");
    await empty(store);
    assert.ok((await shrink(store)) > 5000);
    const pages = await pragma(store, "page_count");
    assert.ok(pages < full / 5, `${pages} of ${full}`);
    assert.equal(await pragma(store, "freelist_count"), 1000);
    await write(store, 8000);
    await sql`delete from t where rowid <= 2000`.execute(store.db);
    const free = (await pragma(store, "freelist_count")) / (await pragma(store, "page_count"));
    assert.ok(free > 0.2 && free < 0.3, String(free));
    assert.ok((await shrink(store)) > 0);
    const left = (await pragma(store, "freelist_count")) / (await pragma(store, "page_count"));
    assert.ok(left > 0.18 && left < 0.21, String(left));
    await store.transact(async () => store.upkeep?.refreshStatistics());
    assert.equal(
      await pragma(store, "integrity_check").then(Number.isNaN),
      true,
      "the answer is the word ok",
    );
    await store.close();
    assert.equal(statSync(path).size % 8192, 0);
  });

  it("does not shrink if an older version created it, until it is vacuumed as documented", async () => {
    const old = new DatabaseSync(path);
    old.exec("pragma journal_mode = wal; create table t (x text)");
    old.close();
    const before = open();
    await write(before, 8000);
    await empty(before);
    assert.equal(await shrink(before), 0);
    await before.close();
    const stopped = new DatabaseSync(path);
    stopped.exec("pragma auto_vacuum = incremental; vacuum;");
    stopped.close();
    const after = open();
    assert.equal(await pragma(after, "auto_vacuum"), 2);
    await write(after, 8000);
    await empty(after);
    assert.ok((await shrink(after)) > 5000);
    await after.close();
  });

  it("limits a write-ahead log that grew because of a reader", async () => {
    const store = open();
    assert.equal(await pragma(store, "journal_size_limit"), 128 * 1024 * 1024);
    await store.close();
  });
});
