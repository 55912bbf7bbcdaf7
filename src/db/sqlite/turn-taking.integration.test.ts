import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { sql } from "kysely";
import { openStore, type Store } from "../open.ts";

let dataDir: string;
let store: Store;
before(() => {
  dataDir = mkdtempSync(join(tmpdir(), "opensend-turns-"));
  store = openStore({ databaseUrl: null, dataDir, onConnectionError: () => undefined });
});
after(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** Blocks the event loop for many milliseconds. */
const readForLong = () =>
  sql<{ n: number }>`
    with recursive counted (n) as (select 1 union all select n + 1 from counted where n < 300000)
    select max(n) as n from counted`.execute(store.db);

/** Counts rounds of the event loop during an operation. */
async function countRounds(work: (rounds: () => number) => Promise<void>): Promise<void> {
  let rounds = 0;
  let isOver = false;
  const count = () => {
    rounds++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work(() => rounds).finally(() => {
    isOver = true;
  });
}

it("yields between long reads, of one caller or of several", async () => {
  await countRounds(async (rounds) => {
    for (let read = 1; read <= 5; read++) {
      const before = rounds();
      await readForLong();
      if (read > 1) assert.ok(rounds() > before, `no round before read ${read}`);
    }
  });
  await countRounds(async (rounds) => {
    const after: number[] = [];
    await Promise.all(Array.from({ length: 5 }, () => readForLong().then(() => after.push(rounds()))));
    assert.equal(new Set(after).size, 5, `reads ended in rounds ${after.join(", ")}`);
  });
});

it("does not wait after short reads or within a transaction", async () => {
  await countRounds(async (rounds) => {
    await new Promise((resolve) => setImmediate(resolve));
    const before = rounds();
    await sql`select 1`.execute(store.db);
    await sql`select 2`.execute(store.db);
    assert.equal(rounds(), before);
    await store.db.transaction().execute(async (trx) => {
      const begun = rounds();
      for (let read = 0; read < 3; read++)
        await sql`select count(*) from sqlite_schema, sqlite_schema`.execute(trx);
      assert.equal(rounds(), begun);
    });
  });
});
