import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { sql } from "kysely";
import { makePostgres, type TestDatabase } from "../../../test/support/databases.ts";
import {
  keepsStatementNames,
  type PgbouncerSettings,
  pgbouncerMissing,
  startPgbouncer,
} from "../../../test/support/pgbouncer.ts";
import { until } from "../../../test/support/until.ts";
import { isConflict } from "../database-error.ts";
import { openBus } from "../notify.ts";
import { openStore } from "../open.ts";
import { OWN_SESSIONS, type Pooler, probePooler } from "./pooler.ts";
import { canListen } from "./receives-notify.ts";

const NO_NAMES: Pooler = { isPerTransaction: true, keepsNames: false };
/** Fewer sessions than clients, so that clients share them. */
const POOL_SIZE = 4;

describe("a pooler in front of PostgreSQL", { skip: pgbouncerMissing }, () => {
  let database: TestDatabase;
  let direct: string;

  before(async () => {
    database = await makePostgres();
    direct = database.databaseUrl ?? "";
  });
  after(() => database.remove());

  const start = async (test: TestContext, settings: PgbouncerSettings) => {
    const pooler = await startPgbouncer(direct, settings);
    test.after(() => pooler.stop());
    return pooler.url;
  };
  const open = (test: TestContext, databaseUrl: string) => {
    const poolers: Pooler[] = [];
    const store = openStore({
      databaseUrl,
      dataDir: database.dataDir,
      onConnectionError: () => undefined,
      onPooler: (pooler) => poolers.push(pooler),
    });
    test.after(() => store.close());
    return { store, poolers };
  };
  const withoutNames = keepsStatementNames() ? { max_prepared_statements: 0 } : {};

  it("is not detected when clients connect to the server directly", async () => {
    assert.deepEqual(await probePooler(direct), OWN_SESSIONS);
    assert.equal(await canListen({ databaseUrl: direct, listenUrl: direct }), true);
  });

  it("changes nothing in session mode", async (test) => {
    const url = await start(test, { pool_mode: "session" });
    assert.deepEqual(await probePooler(url), OWN_SESSIONS);
    assert.equal(await canListen({ databaseUrl: url, listenUrl: url }), true);
  });

  it("is detected in transaction mode, including that it does not keep prepared statements", async (test) => {
    const url = await start(test, { pool_mode: "transaction", ...withoutNames });
    assert.deepEqual(await probePooler(url), NO_NAMES);
    assert.deepEqual(await probePooler(url), NO_NAMES, "also with what the first time left behind");
  });

  it("is detected in transaction mode with a single session", async (test) => {
    const url = await start(test, { pool_mode: "transaction", default_pool_size: 1 });
    assert.deepEqual(await probePooler(url), NO_NAMES);
  });

  it("keeps prepared statements if its version supports them and is configured to", async (test) => {
    const keepsNames = keepsStatementNames();
    const settings = keepsNames ? { max_prepared_statements: 200 } : {};
    const url = await start(test, {
      pool_mode: "transaction",
      default_pool_size: POOL_SIZE,
      ...settings,
    });
    assert.deepEqual(await probePooler(url), { isPerTransaction: true, keepsNames });
    const { store, poolers } = open(test, url);
    await hammer(store);
    assert.deepEqual(poolers, [{ isPerTransaction: true, keepsNames }]);
  });

  it("does not affect a process in transaction mode that listens elsewhere", async (test) => {
    const url = await start(test, { pool_mode: "transaction" });
    assert.equal(await canListen({ databaseUrl: url, listenUrl: url }), false);
    assert.equal(await canListen({ databaseUrl: url, listenUrl: direct }), true);
    assert.equal(await canListen({ databaseUrl: direct, listenUrl: url }), false);
  });

  it("makes a process that listens through it in transaction mode poll", async (test) => {
    const url = await start(test, { pool_mode: "transaction" });
    const listening: boolean[] = [];
    const errors: Error[] = [];
    const bus = openBus({
      databaseUrl: url,
      listenUrl: null,
      onListening: (isListening) => listening.push(isListening),
      onError: (error) => errors.push(error),
    });
    test.after(() => bus.close());
    let gaps = 0;
    bus.subscribe(
      "due",
      () => undefined,
      () => {
        gaps++;
      },
    );
    await bus.start();
    assert.equal(bus.isListening, false);
    await until(() => gaps === 2);
    assert.deepEqual([listening, errors], [[false], []]);
  });

  it("does not make another database look like the same one", async (test) => {
    const other = await makePostgres();
    test.after(() => other.remove());
    assert.equal(await canListen({ databaseUrl: direct, listenUrl: other.databaseUrl ?? "" }), false);
  });

  it("carries statements and transactions in transaction mode, with limits for each transaction", async (test) => {
    const url = await start(test, {
      pool_mode: "transaction",
      default_pool_size: POOL_SIZE,
      ...withoutNames,
    });
    const { store, poolers } = open(test, url);
    await hammer(store);
    assert.deepEqual(poolers, [NO_NAMES], "told once");

    const read = async () => {
      const { rows } = await sql<{ lock: string; scan: string }>`
        select current_setting('lock_timeout') as lock, current_setting('enable_seqscan') as scan`.execute(
        store.db,
      );
      return rows[0];
    };
    const inTransaction = await store.transact(async (trx) => {
      const { rows } = await sql<{ lock: string; scan: string }>`
        select current_setting('lock_timeout') as lock, current_setting('enable_seqscan') as scan`.execute(
        trx,
      );
      return rows[0];
    });
    assert.deepEqual(inTransaction, { lock: "20s", scan: "off" });
    for (let n = 0; n < 2 * POOL_SIZE; n++) {
      assert.deepEqual(await read(), { lock: "0", scan: "on" }, "nothing stays behind in a shared session");
    }
  });

  it("makes a transaction run again if it loses prepared statements without having been detected", async (test) => {
    const url = await start(test, { pool_mode: "session" });
    const { store, poolers } = open(test, url);
    const select = (trx: typeof store.db) => sql`select ${1}::integer as one`.execute(trx);
    for (let n = 0; n < 3; n++) await select(store.db);
    // The same as getting another client's session.
    await sql.raw("deallocate all").execute(store.db);
    await assert.rejects(
      store.db.transaction().execute(async (trx) => select(trx)),
      (error) => isConflict(error),
    );
    assert.deepEqual(poolers, [NO_NAMES]);
    await store.db.transaction().execute(async (trx) => select(trx));
    await select(store.db);
    assert.equal(poolers.length, 1);
  });
});

/** Runs many statements and transactions repeatedly, more concurrently than there are sessions. */
async function hammer({ db, transact }: ReturnType<typeof openStore>): Promise<void> {
  const ROUNDS = 40;
  const CONCURRENT = 12;
  for (let round = 0; round < ROUNDS; round++) {
    const work = Array.from({ length: CONCURRENT }, async (_, n) => {
      const one = sql<{ n: number }>`select ${n}::integer as n`;
      const two = sql<{ n: number }>`select ${n}::integer + 1 as n`;
      assert.equal((await one.execute(db)).rows[0]?.n, n);
      const inTransaction = await transact(async (trx) => [await one.execute(trx), await two.execute(trx)]);
      assert.deepEqual(
        inTransaction.map(({ rows }) => rows[0]?.n),
        [n, n + 1],
      );
    });
    await Promise.all(work);
  }
}
