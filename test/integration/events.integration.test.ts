import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient, type ApiResponse } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { addUser, keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";
import { startTestReceiver, type TestReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";

const EVENTS = "/api/events";
const BATCH = "/api/events/batch";
const KIB = 1024;

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let sender: ApiClient;
  let receiver: TestReceiver;

  before(async () => {
    instance = await startInstance(makeDatabase);
    const created = await instance.owner.post("/api/api-keys", { name: "Sender", access: "sending_access" });
    sender = new ApiClient(instance.server.url, { key: created.body.key });
    receiver = await startTestReceiver();
    await instance.api.post("/api/integrations/webhook", {
      webhook_url: `${receiver.url}/hook`,
      event_types: ["order.*", "x"],
    });
  });
  beforeEach(() => {
    receiver.received.length = 0;
  });
  after(async () => {
    await instance.remove();
    await receiver.close();
  });

  const stored = async () => {
    const store = instance.database.open();
    const events = await store.db.selectFrom("events").select("id").execute();
    await store.close();
    return events.length;
  };
  const arrived = async (count: number) => {
    const deadline = Date.now() + 10_000;
    while (receiver.received.length < count) {
      assert.ok(Date.now() < deadline, `${receiver.received.length} of ${count} arrived`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return receiver.received;
  };
  const refused = (response: ApiResponse, status: number, code: string, path?: string) => {
    assert.equal(response.status, status, response.text);
    assert.equal(response.body.code, code);
    if (path === undefined) return;
    const paths = response.body.errors.map((error: { path: string }) => error.path);
    assert.ok(paths.includes(path), `${paths} names ${path}`);
  };

  describe("accepting", () => {
    it("returns 202 with id, type, time and deliveries, and the event arrives exactly as sent", async () => {
      const response = await sender.post(
        EVENTS,
        '{ "type": "order.paid", "data": { "n": 12345678901234567890, "f": 1.0 } }',
      );
      assert.equal(response.status, 202, response.text);
      checkResponse("POST", EVENTS, response);
      const { id, type, created_at, deliveries } = response.body.data;
      assert.equal(response.body.object, "event");
      assert.deepEqual([type, deliveries], ["order.paid", 1]);
      const [request] = await arrived(1);
      assert.equal(request?.headers["webhook-id"], id);
      assert.equal(
        request?.body,
        `{"type":"order.paid","created_at":"${created_at}","data":{"n":12345678901234567890,"f":1.0}}`,
      );
    });

    it("keeps an event that no connection wants", async () => {
      const before = await stored();
      const response = await sender.post(EVENTS, { type: "nobody.cares", data: {} });
      assert.equal(response.status, 202);
      assert.equal(response.body.data.deliveries, 0);
      assert.equal(await stored(), before + 1);
    });

    it("is allowed for full-access keys, sending keys and sessions of owners and admins only", async () => {
      const event = { type: "nobody.cares", data: {} };
      const [viewer, admin] = [await addUser(instance, "viewer"), await addUser(instance, "admin")];
      for (const client of [sender, instance.api, instance.owner, admin]) {
        assert.equal((await client.post(EVENTS, event)).status, 202);
      }
      refused(await viewer.post(EVENTS, event), 403, "forbidden");
      refused(await new ApiClient(instance.server.url).post(EVENTS, event), 401, "unauthenticated");
      refused(
        await instance.owner.post(EVENTS, event, { origin: "https://evil.example" }),
        403,
        "cross_origin",
      );
    });

    it("uses the sender's time and id", async () => {
      const id = newId();
      const response = await sender.post(EVENTS, {
        type: "x",
        data: {},
        id,
        created_at: "2026-06-06T02:00:00+02:00",
      });
      assert.equal(response.body.data.id, id);
      assert.equal(response.body.data.created_at, "2026-06-06T00:00:00.000Z");
    });

    it("stores a batch of 1,000 events as a whole and responds in their order", async () => {
      const events = Array.from({ length: 1000 }, (_, index) => ({
        type: `batch.${index}`,
        data: { index },
      }));
      const before = await stored();
      const response = await sender.post(BATCH, events);
      assert.equal(response.status, 202, response.text);
      checkResponse("POST", BATCH, response);
      assert.deepEqual(
        response.body.data.map((event: { type: string }) => event.type),
        events.map((event) => event.type),
      );
      assert.equal(await stored(), before + 1000);
    });

    it("delivers each of many concurrent single posts once", async () => {
      const responses = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          sender.post(EVENTS, { type: "order.many", data: { index } }),
        ),
      );
      assert.ok(responses.every((response) => response.status === 202));
      // Events of earlier tests may arrive in between.
      const many = () => receiver.received.filter(({ body }) => JSON.parse(body).type === "order.many");
      await until(() => many().length >= 100);
      const bodies = many().map(({ body }) => JSON.parse(body).data.index as number);
      assert.deepEqual(
        bodies.toSorted((a, b) => a - b),
        Array.from({ length: 100 }, (_, index) => index),
      );
    });
  });

  describe("events and deliveries", () => {
    const ended = async (eventId: string, status: string) => {
      const deadline = Date.now() + 10_000;
      for (;;) {
        const response = await instance.api.get(`/api/deliveries?event_id=${eventId}`);
        checkResponse("GET", "/api/deliveries", response);
        const [delivery] = response.body.data;
        if (delivery?.status === status && delivery.attempt_count > 0) return delivery;
        assert.ok(Date.now() < deadline, response.text);
      }
    };

    it("show every attempt, and why a connection did not get an event", async () => {
      await instance.api.post("/api/integrations/webhook", {
        name: "Users only",
        webhook_url: `${receiver.url}/users`,
        event_types: ["user.*"],
      });
      const posted = await sender.post(EVENTS, '{"type":"order.seen","data":{"big":123456789012345678901}}');
      const { id } = posted.body.data;
      const listed = await ended(id, "delivered");
      const event = await instance.api.get(`/api/events/${id}`);
      checkResponse("GET", "/api/events/{id}", event);
      assert.equal(event.body.data.data_text, '{"big":123456789012345678901}');
      assert.deepEqual(
        event.body.data.deliveries.map((one: { id: string }) => one.id),
        [listed.id],
      );
      const [missed] = event.body.data.not_delivered;
      assert.equal(missed.connections[0].name, "Users only");
      assert.equal(missed.code, "event_type");
      const delivery = await instance.api.get(`/api/deliveries/${listed.id}`);
      checkResponse("GET", "/api/deliveries/{id}", delivery);
      const [attempt, ...others] = delivery.body.data.attempts;
      assert.equal(others.length, 0);
      assert.equal(attempt.response.status, 200);
      assert.equal(attempt.explanation.code, "delivered");
      assert.equal(delivery.body.data.request.body, receiver.received.at(-1)?.body);
      const events = await instance.api.get("/api/events?type=order.seen&has_failed=false");
      checkResponse("GET", EVENTS, events);
      assert.deepEqual(
        events.body.data.map((one: { id: string }) => one.id),
        [id],
      );
      const outsider = await keyOfAnotherWorkspace(instance);
      for (const path of [`/api/events/${id}`, `/api/deliveries/${listed.id}`]) {
        assert.equal((await outsider.get(path)).status, 404);
      }
      assert.equal((await outsider.post(`/api/deliveries/${listed.id}/retry`)).status, 404);
      assert.deepEqual((await outsider.get("/api/deliveries")).body.data, []);
      assert.equal((await sender.get("/api/deliveries")).status, 403, "a sending key may only post");
    });

    it("can be retried with the same webhook-id once finished, and cancelled while pending", async () => {
      const { id } = (await sender.post(EVENTS, { type: "order.again", data: {} })).body.data;
      const delivery = await ended(id, "delivered");
      const retried = await instance.api.post(`/api/deliveries/${delivery.id}/retry`);
      assert.equal(retried.status, 200, retried.text);
      checkResponse("POST", "/api/deliveries/{id}/retry", retried);
      const again = await arrived(2);
      assert.equal(new Set(again.map(({ headers }) => headers["webhook-id"])).size, 1);
      await ended(id, "delivered");
      refused(await instance.api.post(`/api/deliveries/${delivery.id}/cancel`), 409, "delivery_state");
      receiver.respond = (response) => void response.writeHead(503).end();
      const waiting = (await sender.post(EVENTS, { type: "order.waits", data: {} })).body.data;
      const pending = await ended(waiting.id, "pending");
      assert.ok(Date.parse(pending.next_attempt_at) > Date.now());
      const cancelled = await instance.api.post(`/api/deliveries/${pending.id}/cancel`);
      checkResponse("POST", "/api/deliveries/{id}/cancel", cancelled);
      assert.equal(cancelled.body.data.status, "cancelled");
      assert.equal(cancelled.body.data.next_attempt_at, null);
      refused(await instance.api.post(`/api/deliveries/${pending.id}/retry`), 409, "delivery_state");
      receiver.respond = (response) => void response.writeHead(200).end();
      // A failing receiver is probed, and healthy as soon as it responds with a 2xx again.
      const last = (await sender.post(EVENTS, { type: "order.after", data: {} })).body.data;
      await ended(last.id, "delivered");
    });

    it("cannot be retried when their connection is disconnected", async () => {
      const gone = await instance.api.post("/api/integrations/webhook", {
        webhook_url: `${receiver.url}/gone`,
        event_types: ["gone.soon"],
      });
      const { id } = (await sender.post(EVENTS, { type: "gone.soon", data: {} })).body.data;
      const delivery = await ended(id, "delivered");
      await instance.api.delete(`/api/integrations/connections/${gone.body.data.id}`);
      const response = await instance.api.post(`/api/deliveries/${delivery.id}/retry`);
      refused(response, 409, "not_connected");
      checkResponse("POST", "/api/deliveries/{id}/retry", response);
      assert.equal((await instance.api.get(`/api/deliveries/${delivery.id}`)).body.data.status, "delivered");
    });

    it("refuse bad ids, filters and cursors of other lists", async () => {
      const { api } = instance;
      for (const path of ["/api/events/42", "/api/deliveries/42"])
        refused(await api.get(path), 400, "invalid_id");
      for (const verb of ["retry", "cancel"])
        refused(await api.post(`/api/deliveries/42/${verb}`), 400, "invalid_id");
      refused(await api.get("/api/deliveries?status=lost"), 422, "validation_failed", "status");
      refused(await api.get("/api/deliveries?connection_id=x"), 422, "validation_failed", "connection_id");
      refused(
        await api.get("/api/events?accepted_from=yesterday"),
        422,
        "validation_failed",
        "accepted_from",
      );
      refused(await api.get("/api/events?unknown=1"), 422, "validation_failed", "unknown");
      const { next_cursor } = (await api.get("/api/audit-log?limit=1")).body;
      refused(await api.get(`/api/events?cursor=${next_cursor}`), 400, "invalid_cursor");
    });

    it("are paged without gaps or duplicates while events arrive", async () => {
      const seen: string[] = [];
      let cursor: string | null = null;
      let posted = 0;
      do {
        const page: ApiResponse = await instance.api.get(
          `/api/deliveries?limit=40${cursor === null ? "" : `&cursor=${cursor}`}`,
        );
        seen.push(...page.body.data.map((one: { id: string }) => one.id));
        cursor = page.body.next_cursor;
        await sender.post(EVENTS, { type: "x", data: {} });
        posted++;
      } while (cursor !== null);
      await arrived(posted);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(seen.length > 100);
    });
  });

  describe("deduplication", () => {
    it("repeats the first response for the same key and body, even concurrently, and returns 409 for another body", async () => {
      const body = { type: "order.once", data: { a: 1 } };
      const headers = { "idempotency-key": newId() };
      const responses = await Promise.all([1, 2, 3, 4, 5].map(() => sender.post(EVENTS, body, headers)));
      assert.deepEqual(new Set(responses.map((response) => response.status)), new Set([202]));
      assert.equal(new Set(responses.map((response) => response.text)).size, 1);
      assert.equal(
        responses.filter((response) => response.headers.get("idempotent-replayed") === "true").length,
        4,
      );
      refused(await sender.post(EVENTS, { ...body, data: { a: 2 } }, headers), 409, "idempotency_key_reused");
      await sender.post(EVENTS, { type: "order.last", data: {} });
      const types = (await arrived(2)).map((request) => JSON.parse(request.body).type);
      assert.deepEqual(types.toSorted(), ["order.last", "order.once"]);
    });

    it("repeats the first response for the same id and event, and returns 409 for another event", async () => {
      const event = { type: "nobody.cares", data: { a: 1 }, id: newId() };
      const first = await sender.post(EVENTS, event);
      const again = await sender.post(EVENTS, event);
      assert.equal(again.status, 202);
      assert.equal(again.text, first.text);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
      refused(await sender.post(EVENTS, { ...event, data: { a: 2 } }), 409, "event_id_reused");
    });

    it("repeats the response to a whole batch by its key", async () => {
      const headers = { "idempotency-key": newId() };
      const body = [
        { type: "a", data: {} },
        { type: "b", data: {} },
      ];
      const [one, two] = [await sender.post(BATCH, body, headers), await sender.post(BATCH, body, headers)];
      assert.equal(one.text, two.text);
    });
  });

  describe("bad input", () => {
    const deep = (levels: number) => `{"type":"x","data":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;
    const sized = (bytes: number) => {
      const frame = '{"type":"nobody.cares","data":{"a":""}}';
      return frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`);
    };
    const inTenDays = new Date(Date.now() + 864_000_000).toISOString();
    const cases: readonly [name: string, body: unknown, status: number, code: string, path?: string][] = [
      ["a reserved type", { type: "integration.test", data: {} }, 422, "validation_failed", "type"],
      ["a malformed type", { type: "a..b", data: {} }, 422, "validation_failed", "type"],
      ["no type", { data: {} }, 422, "validation_failed", "type"],
      ["a type of 256 characters", { type: "a".repeat(256), data: {} }, 422, "validation_failed", "type"],
      ["an array as data", { type: "x", data: [] }, 422, "validation_failed", "data"],
      ["null as data", { type: "x", data: null }, 422, "validation_failed", "data"],
      ["no data", { type: "x" }, 422, "validation_failed", "data"],
      ["deep nesting", deep(200), 422, "validation_failed"],
      ["a duplicate key", '{"type":"x","data":{"a":1,"a":2}}', 422, "validation_failed", "data.a"],
      ["an unknown field", { type: "x", data: {}, extra: 1 }, 422, "validation_failed", "extra"],
      ["a bad id", { type: "x", data: {}, id: "42" }, 422, "validation_failed", "id"],
      [
        "a time without a time zone",
        { type: "x", data: {}, created_at: "2026-06-06T00:00:00" },
        422,
        "validation_failed",
        "created_at",
      ],
      [
        "a time far in the future",
        { type: "x", data: {}, created_at: inTenDays },
        422,
        "validation_failed",
        "created_at",
      ],
      ["cut-off JSON", '{"type":"x","data":{', 400, "malformed_json"],
      ["an empty body", "", 400, "malformed_json"],
      ["one byte over 256 KiB", sized(256 * KIB + 1), 413, "body_too_large"],
    ];
    for (const [name, body, status, code, path] of cases) {
      it(`refuses ${name} and stores nothing`, async () => {
        const before = await stored();
        const response = await sender.post(EVENTS, body);
        refused(response, status, code, path);
        checkResponse("POST", EVENTS, response);
        assert.equal(await stored(), before);
      });
    }

    it("does not include 256 KiB or escapes of lone surrogates and NUL, which are delivered unchanged", async () => {
      assert.equal((await sender.post(EVENTS, sized(256 * KIB))).status, 202);
      const data = '{"lone":"\\ud800","nul":"\\u0000"}';
      assert.equal((await sender.post(EVENTS, `{"type":"x","data":${data}}`)).status, 202);
      const [request] = await arrived(1);
      assert.ok(request?.body.endsWith(`"data":${data}}`));
    });

    it("refuses bytes that are not UTF-8", async () => {
      const response = await fetch(`${instance.server.url}${EVENTS}`, {
        method: "POST",
        headers: { authorization: `Bearer ${sender.key}`, "content-type": "application/json" },
        body: Buffer.from([...Buffer.from('{"type":"x","data":{"a":"'), 0xff, 0xfe, ...Buffer.from('"}}')]),
      });
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as { code: string }).code, "malformed_json");
    });

    it("refuses batches of 0 or 1,001 events, and names the invalid event of a batch without storing the others", async () => {
      const good = { type: "nobody.cares", data: {} };
      const before = await stored();
      refused(await sender.post(BATCH, []), 422, "validation_failed");
      refused(await sender.post(BATCH, Array(1001).fill(good)), 422, "validation_failed");
      refused(await sender.post(BATCH, { events: [good] }), 422, "validation_failed");
      refused(
        await sender.post(BATCH, [good, good, { ...good, type: "no type" }]),
        422,
        "validation_failed",
        "2.type",
      );
      refused(await sender.post(BATCH, [good, 5]), 422, "validation_failed", "1");
      assert.equal(await stored(), before);
    });
  });

  describe("fuzz against openapi.json", () => {
    const anything = fc.anything({ maxDepth: 2, withNullPrototype: false });
    const mostly = (good: fc.Arbitrary<unknown>, ...bad: fc.Arbitrary<unknown>[]) =>
      fc.oneof({ weight: 12, arbitrary: good }, ...bad.map((arbitrary) => ({ weight: 1, arbitrary })));
    const event = mostly(
      fc.record(
        {
          type: mostly(fc.constantFrom("a.b", "c", "d_e.f-g"), fc.string({ unit: "binary" }), anything),
          data: mostly(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 }), anything),
          id: fc.oneof({ weight: 8, arbitrary: fc.uuid() }, fc.string(), anything),
          created_at: mostly(
            fc
              .date({ min: new Date("2001"), max: new Date("2026-01-01"), noInvalidDate: true })
              .map((date) => date.toISOString()),
            anything,
          ),
        },
        { requiredKeys: ["type", "data"] },
      ),
      anything,
    );
    for (const [path, body] of [
      [EVENTS, event],
      [BATCH, mostly(fc.array(event, { maxLength: 5 }), anything)],
    ] as const) {
      it(`never responds to ${path} with a 5xx, and always within the schema`, async (t) => {
        const statuses = new Map<number, number>();
        await fc.assert(
          fc.asyncProperty(body, async (value) => {
            const response = await sender.post(path, JSON.stringify(value) ?? "");
            assert.ok(response.status < 500, response.text);
            checkResponse("POST", path, response);
            statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
          }),
          { numRuns: 300 },
        );
        t.diagnostic(`${path}: ${JSON.stringify(Object.fromEntries(statuses))}`);
        assert.ok(statuses.has(202) && statuses.has(422));
      });
    }
  });
});
