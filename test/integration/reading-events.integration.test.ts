import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import type { Store } from "../../src/db/open.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

const EVENTS = "/api/events";

type Listed = { id: string; type: string; origin: string; idempotency_key: string | null };

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let receiver: TestReceiver;
  let store: Store;
  let workspaceId: string;

  before(async () => {
    instance = await startInstance(makeDatabase);
    receiver = await startTestReceiver();
    store = instance.database.open();
    workspaceId = (await store.db.selectFrom("workspaces").select("id").executeTakeFirstOrThrow()).id;
  });
  after(async () => {
    await store.close();
    await instance.remove();
    await receiver.close();
  });

  const post = async (type: string, data: unknown = {}, key?: string) => {
    const body = `{"type":"${type}","data":${typeof data === "string" ? data : JSON.stringify(data)}}`;
    const headers = key === undefined ? {} : { "idempotency-key": key };
    const response = await instance.api.post(EVENTS, body, headers);
    assert.equal(response.status, 202, response.text);
    return response.body.data.id as string;
  };
  const connect = async (eventTypes: readonly string[], name = "One") => {
    const body = { name, webhook_url: `${receiver.url}/hook`, event_types: eventTypes };
    const response = await instance.api.post("/api/integrations/webhook", body);
    assert.equal(response.status, 201, response.text);
    return response.body.data.id as string;
  };
  const list = async (query: string) => {
    const response = await instance.api.get(`${EVENTS}?${query}`);
    assert.equal(response.status, 200, response.text);
    checkResponse("GET", EVENTS, response);
    return response.body;
  };
  const read = async (id: string) => {
    const response = await instance.api.get(`${EVENTS}/${id}`);
    assert.equal(response.status, 200, response.text);
    checkResponse("GET", "/api/events/{id}", response);
    return response.body.data;
  };
  /** Creates `count` deliveries of the event, each to another connection. */
  const deliverTo = async (eventId: string, count: number, status: "delivered" | "failed" = "delivered") => {
    const now = Date.now();
    for (let at = 0; at < count; at += 500) {
      const rows = Array.from({ length: Math.min(500, count - at) }, () => ({
        id: newId(),
        workspace_id: workspaceId,
        event_id: eventId,
        connection_id: newId(),
        trigger_kind: "schedule" as const,
        status,
        attempt_count: 1,
        next_attempt_at: null,
        event_bytes: 2,
        replay_id: null,
        replayed_from: null,
        response_status: null,
        error_code: null,
        duration_ms: null,
        last_attempt_at: now,
        created_at: now,
        updated_at: now,
      }));
      await store.db.insertInto("deliveries").values(rows).execute();
    }
  };

  describe("a list of events", () => {
    it("can be filtered by several types and patterns", async () => {
      const ids = {
        paid: await post("order.paid"),
        late: await post("order.paid.late"),
        order: await post("order"),
        user: await post("user.created"),
        orders: await post("orders.paid"),
      };
      const found = async (type: string) => (await list(`type=${type}`)).data.map((one: Listed) => one.id);
      assert.deepEqual(await found("order.*"), [ids.late, ids.paid]);
      assert.deepEqual(await found("order.*,user.created"), [ids.user, ids.late, ids.paid]);
      assert.deepEqual(await found("order"), [ids.order]);
      assert.equal((await found("user.created,*")).length, 5);
      for (const wrong of [
        "order*",
        "order.paid,",
        ",",
        "a b",
        Array(51)
          .fill(0)
          .map((_, n) => `t${n}`)
          .join(","),
      ]) {
        const response = await instance.api.get(`${EVENTS}?type=${encodeURIComponent(wrong)}`);
        assert.equal(response.status, 422, wrong);
        assert.equal(response.body.errors[0].path, "type", response.text);
      }
    });

    it("shows the origin of events, and the idempotency key of their requests", async () => {
      const connection = await connect(["nothing.else"], "Tested");
      const keyed = await post("keyed.event", {}, "order-42");
      const plain = await post("plain.event");
      await instance.api.post(`/api/integrations/connections/${connection}/test`);
      const [test, one, other] = (await list("limit=3")).data as Listed[];
      assert.deepEqual([test?.type, test?.origin], ["integration.test", "test"]);
      assert.deepEqual([one?.id, one?.origin, one?.idempotency_key], [plain, "application", null]);
      assert.deepEqual([other?.id, other?.idempotency_key], [keyed, "order-42"]);
      assert.equal((await read(keyed)).idempotency_key, "order-42");
      const ofOrigin = async (origin: string) =>
        (await list(`origin=${origin}`)).data.map((event: Listed) => event.origin);
      assert.deepEqual(await ofOrigin("test"), ["test"]);
      assert.ok((await ofOrigin("application")).every((origin: string) => origin === "application"));
      assert.deepEqual(await ofOrigin("system"), []);
    });

    it("counts the deliveries of each event by status, up to a limit", async () => {
      const [none, few, many] = [await post("count.none"), await post("count.few"), await post("count.many")];
      await deliverTo(few, 3);
      await deliverTo(few, 1, "failed");
      await deliverTo(many, 1200);
      const outcomesOf = async (query: string) =>
        new Map(
          (await list(query)).data.map((one: { id: string; outcomes: unknown }) => [one.id, one.outcomes]),
        );
      const some = await outcomesOf("type=count.*");
      const nothing = { pending: 0, delivered: 0, failed: 0, cancelled: 0, is_exact: true };
      assert.deepEqual(some.get(none), nothing);
      assert.deepEqual(some.get(few), { ...nothing, delivered: 3, failed: 1 });
      assert.deepEqual(some.get(many), { ...nothing, delivered: 1001, is_exact: false });
    });

    it("can be searched by payload, and says how far it looked", async () => {
      const found = await post("search.one", { email: "ada@example.com", quote: 'She said "no"' });
      await post("search.two", { email: "grace@example.com" });
      const idsOf = (body: { data: Listed[] }) => body.data.map(({ id }) => id);
      const one = await list(`q=${encodeURIComponent("ada@example.com")}&type=search.*`);
      assert.deepEqual(idsOf(one), [found]);
      assert.equal(one.searched.complete, true);
      assert.deepEqual(idsOf(await list(`q=${encodeURIComponent('said "no"')}`)), [found]);
      assert.deepEqual(idsOf(await list("q=ADA%40Example.com")), [found]);
      assert.deepEqual(idsOf(await list("q=nobody%40example.com")), []);
      assert.equal((await list("limit=1")).searched, null);
      for (const wrong of ["a", "", "x".repeat(201)])
        assert.equal((await instance.api.get(`${EVENTS}?q=${wrong}`)).status, 422, wrong);
    });

    it("can be searched further back than one page searches", async () => {
      const now = Date.now();
      const old = await post("needle.event", { needle: "in-a-haystack" });
      await store.db
        .updateTable("events")
        .set({ accepted_at: now - 3_600_000 })
        .where("id", "=", old)
        .execute();
      const hay = JSON.stringify({ hay: "h".repeat(400) });
      for (let at = 0; at < 2400; at += 600) {
        const rows = Array.from({ length: 600 }, (_, index) => ({
          id: newId(),
          workspace_id: workspaceId,
          type: "hay.event",
          created_at: now,
          accepted_at: now - at - index,
          data: hay,
          trace_context: null,
        }));
        await store.db.insertInto("events").values(rows).execute();
      }
      const query = "q=in-a-haystack";
      let page = await list(query);
      assert.deepEqual([page.data.length, page.has_more, page.searched.complete], [0, true, false]);
      assert.ok(Date.parse(page.searched.until) < now);
      for (let pages = 0; page.data.length === 0; pages++) {
        assert.ok(pages < 500, "the search goes on");
        page = await list(`${query}&cursor=${page.next_cursor}`);
      }
      assert.equal(page.data[0].id, old);
      const started = performance.now();
      await list("q=nowhere-to-be-found");
      assert.ok(performance.now() - started < 3000, "a page is bounded in time");
      await store.db.deleteFrom("events").where("type", "=", "hay.event").execute();
    });

    it("includes data on request, with fewer events per page if it is large", async () => {
      const exact = '{"big":12345678901234567890,"f":1.0,"__proto__":{"a":1},"2":0,"1":0}';
      const small = await post("data.small", exact);
      const large = "x".repeat(200 * 1024);
      for (let count = 0; count < 12; count++) await post("data.large", { large });
      assert.ok(!("data" in (await list("type=data.small")).data[0]));
      const [first] = (await list("type=data.small&include=data")).data;
      assert.equal(first.id, small);
      assert.equal(first.data_text, exact);
      assert.deepEqual(first.data, JSON.parse(exact));
      const page = await list("type=data.large&include=data");
      assert.equal(page.data.length, 10);
      assert.equal(page.has_more, true);
      const rest = await list(`type=data.large&include=data&cursor=${page.next_cursor}`);
      assert.equal(rest.data.length, 2);
      assert.equal((await instance.api.get(`${EVENTS}?include=deliveries`)).status, 422);
    });
  });

  describe("an event", () => {
    it("has its data as JSON and as exact text", async () => {
      const text = '{"big":12345678901234567890}';
      const event = await read(await post("data.exact", text));
      assert.equal(event.data_text, text);
      assert.deepEqual(event.data, JSON.parse(text));
    });

    it("shows 100 deliveries, and whether there are more", async () => {
      const id = await post("detail.many");
      const connection = await connect(["nothing.more"], "Rows");
      await deliverTo(id, 101);
      await store.db
        .updateTable("deliveries")
        .set({ connection_id: connection })
        .where("event_id", "=", id)
        .execute();
      const event = await read(id);
      assert.equal(event.deliveries.length, 100);
      assert.equal(event.has_more_deliveries, true);
      assert.equal(event.outcomes.delivered, 101);
    });

    it("groups the connections it was not delivered to by reason", async () => {
      const names = Array.from({ length: 11 }, (_, index) => `Unwanted ${index}`);
      for (const name of names) await connect([`unwanted.${name.length}`], name);
      const gone = await connect(["*"], "Gone");
      await instance.api.delete(`/api/integrations/connections/${gone}`);
      const all = await connect(["grouped.*"], "All");
      const id = await post("grouped.event");
      const later = await connect(["*"], "Later");
      const event = await read(id);
      const byCode = new Map(event.not_delivered.map((group: { code: string }) => [group.code, group]));
      // biome-ignore lint/suspicious/noExplicitAny: looks into a response
      const groupOf = (code: string) => byCode.get(code) as any;
      assert.ok(groupOf("event_type").count >= 11);
      assert.equal(groupOf("event_type").connections.length, 10);
      assert.deepEqual(groupOf("disconnected").connections, [{ id: gone, name: "Gone" }]);
      assert.deepEqual(groupOf("created_later").connections, [{ id: later, name: "Later" }]);
      assert.ok(
        !event.not_delivered.some((group: { connections: { id: string }[] }) =>
          group.connections.some((one) => one.id === all),
        ),
      );
      assert.equal(event.not_delivered_is_complete, true);
      for (const one of [all, later]) await instance.api.delete(`/api/integrations/connections/${one}`);
    });

    it("that is a test lists no connections it was not delivered to", async () => {
      const connection = await connect(["nothing.tested"], "Test only");
      const tested = await instance.api.post(`/api/integrations/connections/${connection}/test`);
      const event = await read(tested.body.delivery.event_id);
      assert.equal(event.origin, "test");
      assert.deepEqual(event.not_delivered, []);
    });

    it("of OpenSend about a connection explains why that connection did not get it", async () => {
      const subscriber = await connect(["delivery.failed", "integration.*"], "Told");
      const failing = await connect(["fails.*", "delivery.failed"], "Failing");
      receiver.respond = (response) => void response.writeHead(500).end();
      const now = Date.now();
      const id = newId();
      const data = JSON.stringify({ connection_id: failing });
      await store.db
        .insertInto("events")
        .values({
          id,
          workspace_id: workspaceId,
          type: "delivery.failed",
          created_at: now,
          accepted_at: now,
          data,
          trace_context: null,
          origin: "system",
        })
        .execute();
      await deliverTo(id, 1);
      await store.db
        .updateTable("deliveries")
        .set({ connection_id: subscriber })
        .where("event_id", "=", id)
        .execute();
      const event = await read(id);
      const about = event.not_delivered.find((group: { code: string }) => group.code === "about_itself");
      assert.deepEqual(about?.connections, [{ id: failing, name: "Failing" }]);
      await until(async () => (await list("origin=system")).data.length === 1);
      receiver.respond = (response) => void response.writeHead(200).end();
    });
  });
});
