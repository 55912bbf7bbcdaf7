import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { connect } from "../../src/connections/connect.ts";
import { WRITE_CONNECTIONS_MAX } from "../../src/db/postgres/open-postgres.ts";
import { TIMEOUT_SECONDS_MAX } from "../../src/domain/connection.ts";
import type { NewEvent } from "../../src/domain/read-event.ts";
import {
  forEachDatabase,
  makePostgres,
  makeSqlite,
  openMigrated,
  type TestDatabase,
} from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

/** The longest timeout, so that requests occupy their slots as long as possible. */
const LIMITS = { timeoutSeconds: TIMEOUT_SECONDS_MAX };

/** A hostile workspace and a victim's in one process. */
forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let receiver: TestReceiver;
  let hostile: string;

  beforeEach(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    receiver = await startTestReceiver();
    hostile = await test.makeWorkspace();
  });
  afterEach(async () => {
    for (const release of pendingResponses.splice(0)) release();
    receiver.respond = (response) => void response.writeHead(200).end();
    await test.close();
    await receiver.close();
    await database.remove();
  });

  const pendingResponses: (() => void)[] = [];
  const hang = () => {
    receiver.respond = (response, { path }) => {
      const end = () => void response.writeHead(200).end();
      if (path === "/victim") end();
      else pendingResponses.push(end);
    };
  };
  const connectHostile = async (count: number) => {
    const actor = { kind: "system", id: null, name: "Test", workspaceId: hostile, address: null } as const;
    for (let index = 0; index < count; index++) {
      const input = {
        provider: "webhook",
        name: "Hostile",
        description: null,
        credentials: { webhookUrl: `${receiver.url}/hostile/${index}`, signingSecret: null },
        eventTypes: [`h.n${index}`],
        limits: LIMITS,
      };
      await connect(test.context.services.integrations, actor, input);
    }
  };
  const acceptHostile = (events: readonly NewEvent[]) =>
    test.context.services.acceptor.accept({
      workspaceId: hostile,
      events,
      idempotency: null,
      traceContext: null,
    });
  const hostileEvent = (index: number, dataJson = "{}"): NewEvent => ({
    id: null,
    createdAt: null,
    type: `h.n${index}`,
    dataJson,
  });
  /** Waits until the value is at least `atLeast`, and unchanged for 40 polls. */
  const untilFull = async (read: () => number, atLeast: number) => {
    let last = 0;
    let unchanged = 0;
    await until(() => {
      const now = read();
      unchanged = now === last ? unchanged + 1 : 0;
      last = now;
      return now >= atLeast && unchanged >= 40;
    });
  };
  const victimIsServed = async () => {
    const id = await test.connect({ webhookUrl: `${receiver.url}/victim` });
    for (let index = 0; index < 5; index++) await test.accept({ type: "v.a" });
    await until(() => receiver.received.filter(({ path }) => path === "/victim").length === 5);
    await until(async () => (await test.delivery(id)).status === "delivered");
    const ended = await test.context.store.db
      .selectFrom("deliveries")
      .select("id")
      .where("workspace_id", "=", hostile)
      .where("attempt_count", ">", 0)
      .execute();
    assert.deepEqual(ended, [], "none of the hostile requests has ended yet");
  };

  it("serves a workspace while another one's receivers hang in every slot it can get", async () => {
    // Each connection could take a slot of its own, and there are more connections than slots.
    const CONNECTIONS = 1050;
    await connectHostile(CONNECTIONS);
    hang();
    for (let from = 0; from < CONNECTIONS; from += 525) {
      await acceptHostile(Array.from({ length: 525 }, (_, index) => hostileEvent(from + index)));
    }
    await untilFull(() => test.context.engine.worker.inFlight, 700);
    await victimIsServed();
  });

  it("serves a workspace while another one's payloads fill the memory it can get", async () => {
    await connectHostile(40);
    hang();
    const dataJson = JSON.stringify({ pad: "x".repeat(250 * 1024) });
    for (let index = 0; index < 320; index++) await acceptHostile([hostileEvent(index % 40, dataJson)]);
    await untilFull(() => pendingResponses.length, 100);
    await victimIsServed();
  });
});

describe("reading and storing on PostgreSQL", () => {
  it("use separate connection pools, so that slow reads do not delay writes", async () => {
    const { store, remove } = await openMigrated(makePostgres);
    const reads = Array.from({ length: 30 }, () => sql`select pg_sleep(2)`.execute(store.db));
    let isReading = true;
    const read = Promise.all(reads).finally(() => {
      isReading = false;
    });
    await wait(50);
    for (let index = 0; index < WRITE_CONNECTIONS_MAX; index++) {
      await store.transact((trx) => sql`select 1`.execute(trx));
    }
    assert.ok(isReading, "the reads are still under way");
    await read;
    await remove();
  });
});

describe("writes that share a transaction on SQLite", () => {
  it("are kept when one of them fails", async () => {
    const { store, remove } = await openMigrated(makeSqlite);
    await sql`create table t (x integer primary key)`.execute(store.db);
    const insert = (x: number, fails = false) =>
      store.transact(async (trx) => {
        await sql`insert into t values (${x})`.execute(trx);
        if (fails) throw new Error(`no ${x}`);
        return x;
      });
    const results = await Promise.allSettled([insert(1), insert(2, true), insert(3), insert(1), insert(4)]);
    assert.deepEqual(
      results.map((result) => (result.status === "fulfilled" ? result.value : "failed")),
      [1, "failed", 3, "failed", 4],
    );
    const { rows } = await sql<{ x: number }>`select x from t order by x`.execute(store.db);
    assert.deepEqual(
      rows.map(({ x }) => x),
      [1, 3, 4],
    );
    await remove();
  });
});
