import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { newId } from "../../src/db/new-id.ts";
import { chooseWalk, readNext, readWalkEnd } from "../../src/history/delivery-walk.ts";
import { pageDeliveries } from "../../src/history/page-deliveries.ts";
import { ANY_DELIVERY, type DeliveryFilter } from "../../src/history/read-filter.ts";
import { sortDeliveries } from "../../src/history/sort-deliveries.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { recordStatements } from "../support/record-statements.ts";
import { type Seed, seedDeliveries } from "../support/seed-deliveries.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const HOUR = 60 * 60 * 1000;
const LIST = "/api/deliveries";
const FACETS = "/api/deliveries/facets";

forEachDatabase((makeDatabase, dialect) => {
  let database: TestDatabase;
  let app: ServedApp;
  let receiver: TestReceiver;
  let connectionId: string;
  let other: string;

  before(async () => {
    database = await makeDatabase();
    app = await serveTestApp(database);
    receiver = await startTestReceiver();
    connectionId = await app.connect({ webhookUrl: `${receiver.url}/hook`, eventTypes: ["none"] });
    other = await app.connect({ webhookUrl: `${receiver.url}/other`, name: "Other", eventTypes: ["none"] });
  });
  after(async () => {
    await app.close();
    await receiver.close();
    await database.remove();
  });

  const db = () => app.context.store.db;
  const seed = (more: Partial<Seed>) =>
    seedDeliveries(db(), {
      workspaceId: app.workspaceId,
      connectionId,
      count: 1,
      from: app.clock.now - HOUR,
      responseStatus: 500,
      ...more,
    });
  const get = async (path: string, query: string) => {
    const response = await app.api.get(`${path}?${query}`);
    checkResponse("GET", path, response);
    assert.equal(response.status, 200, response.text);
    return response.body;
  };
  /** Reads all pages of a list. */
  const walk = async (query: string) => {
    const ids: string[] = [];
    const searched: { until: string | null; rows: number; complete: boolean }[] = [];
    let cursor = "";
    for (let pages = 0; pages < 200; pages++) {
      const body = await get(LIST, `${query}${cursor}`);
      ids.push(...body.data.map(({ id }: { id: string }) => id));
      searched.push(body.searched);
      if (!body.has_more) return { ids, searched };
      cursor = `&cursor=${body.next_cursor}`;
    }
    return assert.fail("the list does not end");
  };
  const explain = async ({ sql: text, parameters }: { sql: string; parameters: readonly unknown[] }) => {
    const prefix = dialect === "sqlite" ? "explain query plan " : "explain ";
    return db()
      .transaction()
      .execute(async (trx) => {
        // A small table is faster to read whole, but the test asks whether an index can serve the statement.
        if (dialect === "postgres") await sql`set local enable_seqscan = off`.execute(trx);
        const { rows } = await trx.executeQuery<Record<string, string>>({
          ...sql.raw("").compile(trx),
          sql: `${prefix}${text}`,
          parameters,
        });
        return rows.map((row) => row["detail"] ?? row["QUERY PLAN"]).join("\n");
      });
  };
  const addAttempt = (deliveryId: string, number: number, body: string | null) =>
    db()
      .insertInto("attempts")
      .values({
        delivery_id: deliveryId,
        number,
        trigger_kind: "schedule",
        started_at: app.clock.now,
        duration_ms: 5,
        timings: "[0,0,0,0,0,0,5]",
        request_headers: "~0.1.0",
        response_status: 500,
        response_status_text: "No",
        response_headers: "{}",
        response_body: body,
        response_truncated: 0,
        error_code: "http_status",
        error_message: "500",
        explanation: "custom",
      })
      .execute();

  describe("a search", () => {
    it("finds text in payloads and responses, newest first, ignoring case and JSON escapes", async () => {
      const [one] = await seed({ type: "find.me", data: '{"name":"Jos\\u00e9 \\"Q\\""}' });
      const [two] = await seed({
        type: "find.me",
        data: '{"city":"SEVILLA"}',
        from: app.clock.now - HOUR + 1,
      });
      const [three] = await seed({ type: "find.me", from: app.clock.now - HOUR + 2 });
      await addAttempt(three?.id ?? "", 10, "Please call José in Sevilla");
      const [erased] = await seed({ type: "find.me", data: "", from: app.clock.now - HOUR + 3 });
      await addAttempt(erased?.id ?? "", 10, "Please call José in Sevilla");
      await seed({ count: 60, type: "find.me", from: app.clock.now - HOUR + 10, data: '{"x":1}' });
      const find = async (q: string) =>
        (await walk(`event_type=find.me&limit=2&q=${encodeURIComponent(q)}`)).ids;
      assert.deepEqual(await find("josé"), [three?.id, one?.id]);
      assert.deepEqual(await find('"Q"'), [one?.id]);
      assert.deepEqual(await find("sevilla"), [three?.id, two?.id]);
      assert.deepEqual(await find("nobody"), []);
    });

    it("searches a limited number of deliveries per page, says how far it looked, and continues there", async () => {
      const [oldest] = await seed({ type: "far.away", data: '{"word":"needle"}' });
      await seed({ type: "far.away", count: 2400, from: app.clock.now - HOUR + 10, data: '{"word":"hay"}' });
      const { ids, searched } = await walk("event_type=far.away&q=needle");
      assert.deepEqual(ids, [oldest?.id]);
      assert.ok(searched.length > 1, "it takes more than one page");
      for (const { rows, until, complete } of searched.slice(0, -1)) {
        assert.ok(rows <= 2020 && until !== null && !complete);
      }
      assert.equal(searched.at(-1)?.complete, true);
      assert.ok(searched.reduce((sum, { rows }) => sum + rows, 0) >= 2401);
    });

    it("refuses texts that are too short, and finds nothing in other workspaces", async () => {
      assert.equal((await app.api.get(`${LIST}?q=x`)).status, 422);
      const { key } = await app.makeKey(await app.makeWorkspace());
      const response = await fetch(`${app.url}${LIST}?q=needle`, {
        headers: { authorization: `Bearer ${key}` },
      });
      assert.deepEqual(((await response.json()) as { data: unknown[] }).data, []);
    });
  });

  describe("facets", () => {
    it("count each delivery of a filter once when there are few", async () => {
      const before = `created_before=${new Date(app.clock.now - 10 * HOUR).toISOString()}`;
      const from = app.clock.now - 20 * HOUR;
      await seed({ from, count: 4, type: "facet.a", responseStatus: 401 });
      await seed({ from, count: 3, type: "facet.b", responseStatus: null, connectionId: other });
      await seed({ from, count: 2, type: "facet.a", status: "cancelled", connectionId: other });
      await seed({ from, count: 1, type: "facet.a", status: "delivered", responseStatus: 202 });
      const { data, is_exact } = await get(FACETS, `event_type=facet.*&${before}`);
      assert.equal(is_exact, true);
      assert.deepEqual(data.status, [
        { value: "failed", count: 7 },
        { value: "cancelled", count: 2 },
        { value: "delivered", count: 1 },
      ]);
      assert.deepEqual(data.connection, [
        { value: connectionId, name: "Test", count: 5 },
        { value: other, name: "Other", count: 5 },
      ]);
      assert.deepEqual(data.event_type, [
        { value: "facet.a", count: 7 },
        { value: "facet.b", count: 3 },
      ]);
      assert.deepEqual(data.response_status, [
        { value: "401", count: 4 },
        { value: "500", count: 2 },
        { value: "202", count: 1 },
      ]);
      assert.deepEqual(data.error_code, [
        { value: "http_status", count: 6 },
        { value: "timeout", count: 3 },
      ]);
      const filtered = await get(
        FACETS,
        `event_type=facet.*&${before}&error_code=timeout&connection_id=${other}`,
      );
      assert.deepEqual(filtered.data.status, [{ value: "failed", count: 3 }]);
      assert.deepEqual((await get(FACETS, `connection_id=${newId()}`)).data.status, []);
    });

    it("come from the statistics when there are many, and say so", async () => {
      await seed({ count: 4100, status: "delivered", responseStatus: 200, type: "many.deliveries" });
      const id = await app.connect({
        webhookUrl: `${receiver.url}/counted`,
        name: "Counted",
        eventTypes: ["count.*"],
      });
      receiver.respond = (response) => void response.writeHead(418).end();
      for (let index = 0; index < 3; index++) await app.accept({ type: "count.me" });
      await app.context.engine.worker.tick();
      await app.context.engine.folder.foldAll();
      const all = await get(FACETS, "");
      assert.equal(all.is_exact, false);
      assert.notEqual(all.from, null);
      const find = (of: { value: string; count: number }[], value: string) =>
        of.find((one) => one.value === value)?.count;
      assert.equal(find(all.data.connection, id), 3, "what is pending");
      assert.equal(find(all.data.response_status, "418"), 3);
      assert.equal(find(all.data.error_code, "http_status"), 3);
      const none = await get(FACETS, "status=delivered,failed,cancelled,pending&response_status=200");
      assert.equal(none.is_exact, false);
    });
  });

  describe("a delivery", () => {
    it("shows what delays it and its newest attempts; older attempts are paged", async () => {
      const [one] = await seed({ status: "pending", type: "held.back" });
      const id = one?.id ?? "";
      for (let number = 1; number <= 45; number++) await addAttempt(id, number, null);
      await db().updateTable("deliveries").set({ attempt_count: 45 }).where("id", "=", id).execute();
      await app.api.post(`/api/integrations/connections/${connectionId}/pause`);
      const detail = await app.api.get(`${LIST}/${id}`);
      checkResponse("GET", `${LIST}/{id}`, detail);
      const { hold, is_sending, attempts, attempts_total } = detail.body.data;
      assert.deepEqual([hold, is_sending], [{ reason: "connection_paused", until: null }, false]);
      const numbers = (of: { number: number }[]) => of.map(({ number }) => number);
      assert.deepEqual(
        numbers(attempts),
        Array.from({ length: 20 }, (_, index) => 26 + index),
      );
      assert.equal(attempts_total, 45);
      const listed: number[] = [];
      let cursor = "";
      do {
        const page = await app.api.get(`${LIST}/${id}/attempts?limit=20${cursor}`);
        checkResponse("GET", `${LIST}/{id}/attempts`, page);
        listed.push(...numbers(page.body.data));
        cursor = page.body.next_cursor === null ? "" : `&cursor=${page.body.next_cursor}`;
      } while (cursor !== "");
      assert.deepEqual(
        listed,
        Array.from({ length: 45 }, (_, index) => 45 - index),
      );
      assert.equal((await app.api.get(`${LIST}/${newId()}/attempts`)).status, 404);
      assert.equal((await app.api.get(`${LIST}/${id}/attempts?cursor=abc`)).body.code, "invalid_cursor");
      await app.api.post(`/api/integrations/connections/${connectionId}/resume`);
      await app.context.engine.worker.tick();
    });

    it("shows that it is being sent", async () => {
      const pendingResponses: (() => void)[] = [];
      receiver.respond = (response) => void pendingResponses.push(() => response.writeHead(200).end());
      const id = await app.connect({ webhookUrl: `${receiver.url}/slow`, eventTypes: ["slow.*"] });
      await app.accept({ type: "slow.one" });
      const done = app.context.engine.worker.tick();
      const read = async () => (await get(LIST, `connection_id=${id}`)).data[0];
      while (pendingResponses.length === 0) await read();
      const sending = await read();
      assert.deepEqual([sending.status, sending.is_sending, sending.hold], ["pending", true, null]);
      pendingResponses[0]?.();
      await done;
      const sent = await read();
      assert.deepEqual([sent.status, sent.is_sending], ["delivered", false]);
    });
  });

  describe("sorted deliveries", () => {
    const from = () => app.clock.now - 60 * HOUR;
    const times = () =>
      `created_from=${new Date(from()).toISOString()}&created_before=${new Date(from() + HOUR).toISOString()}`;

    it("are ordered by the duration of their last attempt, slowest first, page by page", async () => {
      const type = "sorted.slow";
      const ids: string[] = [];
      for (const [index, durationMs] of [20, 5000, 20, 300].entries()) {
        const [one] = await seed({ from: from() + index, type, durationMs });
        ids.push(one?.id ?? "");
      }
      const [untried] = await seed({
        from: from() + 9,
        type,
        status: "cancelled",
        responseStatus: undefined,
      });
      const [a, b, c, d] = ids;
      const order = [b, d, ...[a, c].sort().toReversed(), untried?.id];
      const sorted = await walk(`event_type=${type}&sort=-duration_ms&limit=2`);
      assert.deepEqual(sorted.ids, order);
      assert.deepEqual(sorted.searched.at(-1)?.complete, true);
      assert.deepEqual((await walk(`event_type=${type}&sort=-duration_ms&q=nothing`)).ids, []);
    });

    it("cover the newest 1,000 of a filter, and say how far back that reaches", async () => {
      const type = "sorted.many";
      const [slowest] = await seed({ from: from(), type, durationMs: 9000 });
      await seed({ from: from() + 10, type, count: 1100, durationMs: 10 });
      const { data, searched } = await get(LIST, `${times()}&event_type=${type}&sort=-duration_ms&limit=1`);
      assert.notEqual(data[0].id, slowest?.id, "it is not among the newest");
      assert.deepEqual(
        [searched.complete, searched.until],
        [false, new Date(from() + 10 + 100).toISOString()],
      );
      const { ids } = await walk(`${times()}&event_type=${type}&sort=-duration_ms&limit=100`);
      assert.equal(new Set(ids).size, 1000);
      assert.equal(ids.length, 1000);
    });

    it("are ordered by their last change, even long after their creation", async () => {
      const type = "sorted.changed";
      const [old] = await seed({ from: from() - 10 * HOUR, type });
      await seed({ from: from(), type, count: 1100, status: "delivered", responseStatus: 200 });
      const last = await get(LIST, `event_type=${type}&sort=-updated_at&limit=1`);
      assert.equal(last.data[0].updated_at, new Date(from() + 1099).toISOString());
      const updated_at = app.clock.now;
      await db()
        .updateTable("deliveries")
        .set({ updated_at })
        .where("id", "=", old?.id ?? "")
        .execute();
      const { data } = await get(LIST, `event_type=${type}&sort=-updated_at&limit=2`);
      assert.deepEqual(
        data.map((row: { updated_at: string }) => row.updated_at),
        [updated_at, from() + 1099].map((at) => new Date(at).toISOString()),
      );
      assert.deepEqual((await get(LIST, `event_type=no.such&sort=-updated_at`)).data, []);
    });

    it("accept no cursor of another order", async () => {
      const { next_cursor: cursor } = await get(LIST, "sort=-duration_ms&limit=1");
      assert.equal(
        (await app.api.get(`${LIST}?sort=-updated_at&cursor=${cursor}`)).body.code,
        "invalid_cursor",
      );
      assert.equal((await app.api.get(`${LIST}?cursor=${cursor}`)).body.code, "invalid_cursor");
      const { next_cursor: plain } = await get(LIST, "limit=1");
      assert.equal(
        (await app.api.get(`${LIST}?sort=-duration_ms&cursor=${plain}`)).body.code,
        "invalid_cursor",
      );
    });

    it("are read from an index", async () => {
      const recorded = recordStatements(db());
      const page = { order: "-updated_at", limit: 1, after: null, newestAt: null } as const;
      await seed({ from: from(), count: 1100, type: "sorted.plan" });
      await sortDeliveries({ db: recorded.db, dialect }, app.workspaceId, ANY_DELIVERY, null, page);
      const statement = recorded.statements.find((one) => /order by "deliveries"."updated_at"/.test(one.sql));
      assert.ok(statement);
      const plan = await explain(statement);
      assert.match(plan, /deliveries_changed/);
      assert.doesNotMatch(plan, /TEMP B-TREE|Seq Scan/, plan);
    });
  });

  describe("a page filtered by event types and other conditions", () => {
    const from = () => app.clock.now - 40 * HOUR;
    const page = async (filter: Partial<DeliveryFilter>) => {
      const recorded = recordStatements(db());
      const deps = { db: recorded.db, dialect };
      const times = { createdFrom: from(), createdBefore: from() + HOUR };
      const page = { limit: 50, after: null, direction: "desc" } as const;
      const { rows, searched } = await pageDeliveries(
        deps,
        app.workspaceId,
        { ...ANY_DELIVERY, ...times, ...filter },
        page,
      );
      return { found: rows.length, searched, statements: recorded.statements.length };
    };

    before(async () => {
      for (let index = 0; index < 10; index++) {
        await seed({
          from: from() + index * 100,
          count: 150,
          type: `frequent.t${index}`,
          responseStatus: 503,
        });
      }
      for (let index = 0; index < 4; index++) await seed({ from: from() + index * 400, type: "seldom.one" });
    });

    it("takes few statements when most events are of these types", async () => {
      const filter = { errorCodes: ["http_status"], responseStatuses: [422], eventTypes: ["frequent.*"] };
      const { found, searched, statements } = await page(filter);
      assert.deepEqual([found, searched?.isComplete], [0, true]);
      assert.ok(statements < 40, `${statements} statements`);
    });

    it("reads few deliveries when few events are of these types", async () => {
      const { found, searched } = await page({ eventTypes: ["seldom.*"], responseStatuses: [500] });
      assert.deepEqual([found, searched?.isComplete], [4, true]);
      assert.ok((searched?.rows ?? 0) <= 300, `${searched?.rows} deliveries`);
    });
  });

  describe("a page of any filter", () => {
    const workspaceId = () => app.workspaceId;
    const FILTERS: readonly [name: string, index: RegExp, filter: () => Partial<DeliveryFilter>][] = [
      ["everything", /deliveries_workspace/, () => ({})],
      ["a connection", /deliveries_connection/, () => ({ connectionIds: [connectionId] })],
      ["two connections", /deliveries_connection/, () => ({ connectionIds: [connectionId, other] })],
      ["failed", /deliveries_undelivered/, () => ({ statuses: ["failed"] })],
      ["pending and cancelled", /deliveries_undelivered/, () => ({ statuses: ["pending", "cancelled"] })],
      [
        "pending of a connection",
        /deliveries_undelivered_of_connection/,
        () => ({ statuses: ["pending"], connectionIds: [connectionId] }),
      ],
      ["delivered", /deliveries_workspace/, () => ({ statuses: ["delivered"] })],
      ["an error", /deliveries_faults/, () => ({ errorCodes: ["timeout"] })],
      [
        "an error of a connection",
        /deliveries_faults_of_connection/,
        () => ({ errorCodes: ["timeout"], connectionIds: [connectionId] }),
      ],
      ["a status of failure", /deliveries_faults/, () => ({ responseStatuses: [503] })],
      ["no response", /deliveries_faults/, () => ({ response: "none" })],
      ["a status of success", /deliveries_workspace/, () => ({ responseStatuses: [202] })],
      ["a pattern of types", /deliveries_workspace/, () => ({ eventTypes: ["order.*"] })],
      ["an event", /deliveries_event/, () => ({ eventId: newId() })],
      ["chosen ones", /PRIMARY KEY|deliveries_pkey/, () => ({ ids: [newId()] })],
      [
        "much at a time",
        /deliveries_faults_of_connection/,
        () => ({
          connectionIds: [connectionId],
          statuses: ["failed"],
          errorCodes: ["http_status"],
          responseStatuses: [503],
          eventTypes: ["order.*"],
          createdFrom: 1,
          createdBefore: app.clock.now,
        }),
      ],
    ];

    before(async () => {
      await seed({ count: 3000, status: "delivered", responseStatus: 200, connectionId: other });
      await sql`analyze`.execute(db());
    });

    for (const [name, index, filter] of FILTERS) {
      it(`is read from an index: ${name}`, async () => {
        const whole = { ...ANY_DELIVERY, ...filter() };
        const recorded = recordStatements(db());
        const deps = { db: recorded.db, dialect };
        const walk = chooseWalk(dialect, workspaceId(), whole);
        for (const after of [null, { createdAt: app.clock.now, id: newId() }]) {
          const slice = { after, direction: "desc" } as const;
          const until = await readWalkEnd(deps, walk, whole, { ...slice, rowsMax: 500 });
          await readNext(deps, workspaceId(), walk, whole, { ...slice, until, limit: 51 });
        }
        for (const statement of recorded.statements) {
          const plan = await explain(statement);
          assert.doesNotMatch(
            plan,
            /SCAN deliveries(?! USING (COVERING )?INDEX)|Seq Scan on deliveries/,
            plan,
          );
          assert.match(plan, index, plan);
        }
      });
    }
  });
});
