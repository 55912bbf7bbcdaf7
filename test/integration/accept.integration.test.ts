import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { bumpRoutingVersion } from "../../src/connections/routing-version.ts";
import { isDatabaseUnavailable } from "../../src/db/database-error.ts";
import { openStore } from "../../src/db/open.ts";
import { Acceptor } from "../../src/ingest/accept-events.ts";
import { EventRoutes } from "../../src/ingest/event-routes.ts";
import type { Reservation } from "../../src/ingest/handover.ts";
import { ApiClient } from "../support/api-client.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { noHandover } from "../support/no-handover.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

forEachDatabase((makeDatabase) => {
  let database: TestDatabase;
  let test: ServedApp;
  let connectionId: string;

  before(async () => {
    database = await makeDatabase();
    test = await serveTestApp(database);
    connectionId = await test.connect({ webhookUrl: "http://127.0.0.1:18099/" });
  });
  after(async () => {
    await test.close();
    await database.remove();
  });

  const post = (body: object, headers: Record<string, string> = {}) =>
    test.api.post("/api/events", body, headers);
  const event = (members: object = {}) => ({
    id: randomUUID(),
    type: "order.paid",
    data: { n: 1 },
    ...members,
  });
  const db = () => test.context.store.db;
  const countEvents = async (workspaceId = test.workspaceId) => {
    const rows = await db()
      .selectFrom("events")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .execute();
    return rows.length;
  };

  describe("an event sent again", () => {
    it("is the same event when only its time differs", async () => {
      const first = event({ created_at: "2026-06-06T12:00:00.000Z" });
      const response = await post(first);
      const again = await post({ ...first, created_at: "2026-06-06T12:00:05.000Z" });
      assert.equal(again.status, 202);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
      assert.deepEqual(again.body, response.body);
      assert.equal((await post({ ...first, created_at: undefined })).status, 202);
    });

    const others = {
      data: [{ data: { n: 2 } }, /a different `data`\./],
      type: [{ type: "order.sent" }, /a different `type`\./],
      "type and data": [{ type: "order.sent", data: {} }, /a different `type` and `data`\./],
      "data and time": [
        { data: {}, created_at: "2026-06-07T12:00:00.000Z" },
        /a different `data` and `created_at`\./,
      ],
    } as const;
    for (const [what, [members, words]] of Object.entries(others)) {
      it(`with different ${what} is refused, and the response names what differs`, async () => {
        const first = event();
        await post(first);
        const other = await post({ ...first, ...members });
        assert.equal(other.status, 409);
        assert.equal(other.body.code, "event_id_reused");
        assert.match(other.body.detail, words);
        assert.equal(other.body.errors[0].path, "id");
      });
    }

    it("with different data in a batch is refused, and nothing of the batch is stored", async () => {
      const known = event();
      await post(known);
      const before = await countEvents();
      const response = await test.api.post("/api/events/batch", [
        event(),
        event(),
        { ...known, data: {} },
        event(),
      ]);
      assert.equal(response.status, 409);
      assert.equal(response.body.errors[0].path, "2.id");
      assert.equal(await countEvents(), before);
    });

    it("that arrives eight times concurrently is stored once", async () => {
      const one = event();
      const responses = await Promise.all(Array.from({ length: 8 }, () => post(one)));
      assert.deepEqual(
        responses.map(({ status }) => status),
        Array(8).fill(202),
      );
      assert.equal(
        responses.filter((response) => response.headers.get("idempotent-replayed") === null).length,
        1,
      );
      const rows = await db().selectFrom("deliveries").select("id").where("event_id", "=", one.id).execute();
      assert.equal(rows.length, 1);
      assert.ok(responses.every(({ body }) => body.data.deliveries === 1));
    });
  });

  it("refuses an id that occurs twice in a batch, and names both positions", async () => {
    const one = event();
    const before = await countEvents();
    const response = await test.api.post("/api/events/batch", [event(), one, event(), one]);
    assert.equal(response.status, 422);
    assert.equal(response.body.code, "validation_failed");
    assert.deepEqual(response.body.errors, [
      { path: "3.id", message: "Event 1 of this batch has the same id. Give each event its own." },
    ]);
    assert.equal(await countEvents(), before);
  });

  it("scopes event ids to a workspace: the same id in another workspace is neither a repeat nor a conflict", async () => {
    const other = await test.makeWorkspace();
    const theirs = new ApiClient(test.url, { key: (await keyOf(other)).key });
    const one = event();
    assert.equal((await post(one)).status, 202);
    for (const data of [one.data, { other: true }]) {
      const id = data === one.data ? one.id : randomUUID();
      const response = await theirs.post("/api/events", { ...one, id, data });
      assert.equal(response.status, 202);
      assert.equal(response.headers.get("idempotent-replayed"), null);
    }
    assert.equal((await theirs.post("/api/events", { ...one, data: { changed: true } })).status, 409);
    const read = await theirs.get(`/api/events/${one.id}`);
    assert.deepEqual(read.body.data.deliveries, [], "the other workspace has no connection");
    const own = await test.api.get(`/api/events/${one.id}`);
    assert.equal(own.body.data.deliveries.length, 1);
  });

  it("scopes event ids to a workspace within a shared commit too", async () => {
    const theirs = new ApiClient(test.url, { key: (await keyOf(await test.makeWorkspace())).key });
    for (let round = 0; round < 5; round++) {
      const one = event();
      const post = (data: Record<string, unknown>) => [
        test.api.post("/api/events", { ...one, data }),
        theirs.post("/api/events", { ...one, data: { ...data, isTheirs: true } }),
      ];
      const responses = await Promise.all([...post({ round }), ...post({ round })]);
      assert.deepEqual(
        responses.map(({ status }) => status),
        [202, 202, 202, 202],
      );
      assert.deepEqual((await theirs.get(`/api/events/${one.id}`)).body.data.deliveries, []);
    }
  });

  const keyOf = async (workspaceId: string) => test.makeKey(workspaceId);

  it("releases each reservation of a failed commit exactly once", async () => {
    const reservations: Reservation[] = [];
    const released: Reservation[] = [];
    const acceptor = new Acceptor({
      store: {
        ...test.context.store,
        transact: async (work) => {
          const cutOff = () => Promise.reject(new Error("cut off"));
          await test.context.store.transact((trx) => work(trx).then(cutOff)).catch(() => undefined);
          return test.context.store.transact((trx) => work(trx).then(cutOff));
        },
      },
      eventRoutes: new EventRoutes(),
      handover: {
        ...noHandover,
        reserve: () => {
          const reservation: Reservation = { deliveryId: String(reservations.length) };
          reservations.push(reservation);
          return reservation;
        },
        release: (some) => released.push(...some),
      },
      now: () => test.clock.now,
      observer: { accepted: () => undefined, committed: () => undefined },
      wake: () => undefined,
      publishChange: () => undefined,
    });
    const { type, data } = event();
    const events = [{ id: null, type, createdAt: null, dataJson: JSON.stringify(data) }];
    const workspaceId = test.workspaceId;
    await assert.rejects(
      acceptor.accept({ workspaceId, events, idempotency: null, traceContext: null }),
      /cut off/,
    );
    assert.ok(reservations.length >= 2);
    assert.deepEqual(new Set(released), new Set(reservations));
    assert.equal(released.length, reservations.length);
  });

  it("stores concurrent requests in one commit even when some of them are refused", async () => {
    const used = event();
    await post(used);
    await post(event(), { "idempotency-key": "used" });
    const commits: number[] = [];
    const acceptor = new Acceptor({
      store: test.context.store,
      eventRoutes: new EventRoutes(),
      handover: noHandover,
      now: () => test.clock.now,
      observer: { accepted: () => undefined, committed: (_kind, rows) => commits.push(rows) },
      wake: () => undefined,
      publishChange: () => undefined,
    });
    const accept = (id: string | null, once: string | null) =>
      acceptor.accept({
        workspaceId: test.workspaceId,
        events: [{ id, type: "order.paid", createdAt: null, dataJson: '{"n":"other"}' }],
        idempotency: once === null ? null : { key: once, digest: "other" },
        traceContext: null,
      });
    const results = await Promise.allSettled([
      ...Array.from({ length: 10 }, () => accept(null, null)),
      ...Array.from({ length: 5 }, () => accept(used.id, null)),
      ...Array.from({ length: 5 }, () => accept(null, "used")),
      ...Array.from({ length: 10 }, () => accept(null, null)),
    ]);
    assert.deepEqual(commits, [20], "one commit, not one for each request");
    const codes = results.map((result) => (result.status === "rejected" ? result.reason.code : "stored"));
    assert.deepEqual(
      Object.fromEntries(
        Map.groupBy(codes, (code) => code)
          .entries()
          .map(([code, all]) => [code, all.length]),
      ),
      {
        stored: 20,
        event_id_reused: 5,
        idempotency_key_reused: 5,
      },
    );
  });

  it("counts an event's bytes, not its characters", async () => {
    const data = { text: "€".repeat(1000) };
    const response = await post(event({ data }));
    const row = await db()
      .selectFrom("deliveries")
      .select("event_bytes")
      .where("event_id", "=", response.body.data.id)
      .executeTakeFirstOrThrow();
    assert.equal(row.event_bytes, Buffer.byteLength(JSON.stringify(data)));
    assert.ok(row.event_bytes > 3000);
  });

  it("caches no routes read in a transaction that was rolled back", async () => {
    const eventRoutes = new EventRoutes();
    const routes = async () => {
      const read = await db()
        .transaction()
        .execute((trx) => eventRoutes.read(trx, [test.workspaceId]));
      return read.get(test.workspaceId)?.map((route) => route.wants("order.paid"));
    };
    assert.deepEqual(await routes(), [true]);
    const rolledBack = db()
      .transaction()
      .execute(async (trx) => {
        await bumpRoutingVersion(trx, test.workspaceId);
        await eventRoutes.read(trx, [test.workspaceId]);
        throw new Error("on purpose");
      });
    await assert.rejects(rolledBack, /on purpose/);
    await db()
      .transaction()
      .execute(async (trx) => {
        await trx
          .updateTable("connections")
          .set({ event_types: '["other"]' })
          .where("id", "=", connectionId)
          .execute();
        await bumpRoutingVersion(trx, test.workspaceId);
      });
    assert.deepEqual(await routes(), [false]);
    await db().updateTable("connections").set({ event_types: '["*"]' }).execute();
    await db()
      .transaction()
      .execute((trx) => bumpRoutingVersion(trx, test.workspaceId));
  });
});

describe("transactions on PostgreSQL", () => {
  let database: TestDatabase;
  before(async () => {
    const { makePostgres } = await import("../support/databases.ts");
    database = await makePostgres();
  });
  after(() => database.remove());

  it("retry after a deadlock, so that both commit", async () => {
    const store = database.open();
    await sql`create table circle (id integer primary key, touched integer not null)`.execute(store.db);
    await sql`insert into circle values (1, 0), (2, 0)`.execute(store.db);
    let runs = 0;
    let arrived = 0;
    let release: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => {
      release = resolve;
    });
    const touch = (first: number, second: number) =>
      store.transact(async (trx) => {
        runs++;
        await sql`update circle set touched = touched + 1 where id = ${first}`.execute(trx);
        if (++arrived === 2) release();
        await bothHoldOne;
        await sql`update circle set touched = touched + 1 where id = ${second}`.execute(trx);
      });
    await Promise.all([touch(1, 2), touch(2, 1)]);
    const { rows } = await sql<{ touched: number }>`select touched from circle`.execute(store.db);
    assert.deepEqual(
      rows.map(({ touched }) => touched),
      [2, 2],
    );
    assert.equal(runs, 3, "one of them ran again");
    await store.close();
  });
});

describe("a silent database", () => {
  it("fails all waiting requests together, after one connection attempt", async () => {
    const sockets: Socket[] = [];
    // Accepts connections and sends nothing, like a server behind a dead network path.
    const silent = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    const store = openStore({
      databaseUrl: `postgres://x@127.0.0.1:${port}/x`,
      dataDir: "/nonexistent",
      onConnectionError: () => undefined,
    });
    const acceptor = new Acceptor({
      store,
      eventRoutes: new EventRoutes(),
      handover: noHandover,
      now: Date.now,
      observer: { accepted: () => undefined, committed: () => undefined },
      wake: () => undefined,
      publishChange: () => undefined,
    });
    const accept = (workspaceId: string) =>
      acceptor.accept({
        workspaceId,
        events: [{ id: null, type: "a", createdAt: null, dataJson: "{}" }],
        idempotency: null,
        traceContext: null,
      });
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => accept(`w${index}`)));
    assert.ok(
      results.every((result) => result.status === "rejected" && isDatabaseUnavailable(result.reason)),
    );
    assert.equal(sockets.length, 1);
    for (const socket of sockets) socket.destroy();
    silent.close();
    await store.close();
  });
});
