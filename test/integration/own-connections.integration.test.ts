import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { newId } from "../../src/db/new-id.ts";
import { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";

const HOOK = { webhook_url: "https://hooks.zapier.com/hooks/catch/123/abc" };
const CONNECTIONS = "/api/integrations/connections";

type Operation = { readonly security?: readonly object[] };
type Description = { readonly paths: Record<string, Record<string, Operation>> };
const description = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "openapi.json"), "utf8"),
) as Description;
/** Every call that requires credentials, except those on the session, which accept only a cookie. */
const CALLS = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([, { security }]) => security?.length !== 0 && path !== "/api/session")
    .map(([method]) => `${method.toUpperCase()} ${path}`),
);

/** Calls a key with `connections` access can make, and their status for objects it cannot see. */
const ALLOWED: Readonly<Record<string, number>> = {
  "POST /api/integrations/webhook": 422,
  [`GET ${CONNECTIONS}`]: 200,
  [`POST ${CONNECTIONS}/find`]: 200,
  [`GET ${CONNECTIONS}/{id}`]: 404,
  [`PATCH ${CONNECTIONS}/{id}`]: 404,
  [`DELETE ${CONNECTIONS}/{id}`]: 404,
  [`POST ${CONNECTIONS}/{id}/test`]: 404,
  [`POST ${CONNECTIONS}/{id}/pause`]: 404,
  [`POST ${CONNECTIONS}/{id}/resume`]: 404,
  [`POST ${CONNECTIONS}/{id}/rotate-secret`]: 404,
  [`POST ${CONNECTIONS}/{id}/clear-queue`]: 404,
  [`GET ${CONNECTIONS}/by-external-id/{external_id}`]: 404,
  [`PUT ${CONNECTIONS}/by-external-id/{external_id}`]: 409,
  [`POST ${CONNECTIONS}/by-external-id/{external_id}/preview`]: 409,
  [`DELETE ${CONNECTIONS}/by-external-id/{external_id}`]: 404,
  "GET /api/events": 200,
  "GET /api/events/{id}": 404,
  "GET /api/event-types": 200,
  "GET /api/deliveries": 200,
  "GET /api/deliveries/{id}": 404,
  "GET /api/deliveries/{id}/attempts": 404,
  "POST /api/deliveries/{id}/retry": 404,
  "POST /api/deliveries/retry-pending": 200,
  "GET /api/issues": 200,
  "GET /api/issues/{id}": 404,
  "GET /api/me": 200,
};

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeDatabase);
  });
  after(() => instance.remove());

  const makeKey = async (input: object = {}): Promise<{ client: ApiClient; id: string }> => {
    const body = { name: "Zapier", access: "connections", ...input };
    const created = await instance.owner.post("/api/api-keys", body);
    assert.equal(created.status, 201, created.text);
    checkResponse("POST", "/api/api-keys", created);
    return {
      client: new ApiClient(instance.server.url, { key: created.body.key }),
      id: created.body.data.id,
    };
  };

  describe("a key with connections access", () => {
    it("can make only the calls that limit it to its own connections", async () => {
      const { client } = await makeKey();
      const created = await instance.api.post("/api/integrations/webhook", {
        ...HOOK,
        external_id: "of-others",
        event_types: ["integration.*", "*"],
      });
      const { id } = created.body.data;
      const inspector = await instance.api.post("/api/integrations/inspector");
      const tested = await instance.api.post(`${CONNECTIONS}/${inspector.body.data.id}/test`);
      const { id: deliveryId, event_id: eventId }: Record<string, string> = tested.body.delivery;
      const idFor = (path: string) => {
        if (path.startsWith("/api/events")) return eventId ?? "";
        return path.startsWith("/api/deliveries") ? (deliveryId ?? "") : id;
      };
      const known = new Set(CALLS);
      for (const call of Object.keys(ALLOWED)) assert.ok(known.has(call), `${call} exists`);
      for (const call of CALLS) {
        const [method = "", path = ""] = call.split(" ");
        const url = path
          .replace("{external_id}", "of-others")
          .replace("{id}", idFor(path))
          .replaceAll(/\{\w+\}/g, id);
        const body = method === "GET" || method === "DELETE" ? undefined : bodyOf(call);
        const response = await client.send(method, url, body);
        assert.equal(response.status, ALLOWED[call] ?? 403, `${call}: ${response.text}`);
        if (response.status === 403) assert.equal(response.body.code, "forbidden");
        assert.ok(!response.text.includes(id), `${call} tells of another's connection`);
        assert.ok(!response.text.includes(created.body.data.name), `${call} tells of another's connection`);
      }
      const still = await instance.api.get(`${CONNECTIONS}/${id}`);
      assert.equal(still.body.data.version, created.body.data.version);
      assert.equal(still.body.data.status, "connected");
      assert.equal(still.body.data.name, "Webhook connector");
    });

    it("creates, manages and lists only its own connections", async () => {
      await instance.api.post("/api/integrations/webhook", { ...HOOK, name: "Of others" });
      const { client, id: keyId } = await makeKey();
      const created = await client.post("/api/integrations/webhook", { ...HOOK, name: "Own" });
      checkResponse("POST", "/api/integrations/webhook", created);
      assert.equal(created.status, 201, created.text);
      const { id } = created.body.data;
      assert.equal(created.body.data.created_by_key_id, keyId);
      for (const query of [
        "",
        "?sort=attention",
        "?include=stats&sort=volume",
        `?created_by_key_id=${keyId}`,
      ]) {
        const list = await client.get(`${CONNECTIONS}${query}`);
        assert.deepEqual(
          list.body.data.map((one: { id: string }) => one.id),
          [id],
          query,
        );
      }
      const others = await client.get(`${CONNECTIONS}?created_by_key_id=${newId()}`);
      assert.deepEqual(others.body.data, []);
      const own = `${CONNECTIONS}/${id.toUpperCase()}`;
      assert.equal((await client.get(own)).status, 200);
      assert.equal((await client.patch(own, { name: "Renamed" })).body.data.name, "Renamed");
      assert.equal((await client.post(`${own}/pause`)).body.data.status, "paused");
      assert.equal((await client.post(`${own}/resume`)).body.data.status, "connected");
      assert.equal((await client.delete(own)).body.data.status, "disconnected");
      const external = `${CONNECTIONS}/by-external-id/own`;
      assert.equal((await client.send("PUT", external, HOOK)).status, 201);
      assert.equal((await client.get(external)).status, 200);
      assert.equal((await client.delete(external)).body.data.status, "disconnected");
    });

    it("shares its connections with a key that replaces it, before and after it is revoked", async () => {
      const first = await makeKey();
      const created = await first.client.send("PUT", `${CONNECTIONS}/by-external-id/kept`, HOOK);
      const path = `${CONNECTIONS}/${created.body.data.id}`;
      const second = await makeKey({ replaces: first.id });
      const otherKey = await makeKey();
      assert.equal((await second.client.get(path)).status, 200);
      assert.equal((await first.client.get(path)).status, 200, "both work");
      assert.equal((await instance.owner.delete(`/api/api-keys/${first.id}`)).status, 200);
      assert.equal((await second.client.patch(path, { name: "Taken over" })).status, 200);
      const third = await makeKey({ replaces: second.id });
      const list = await third.client.get(CONNECTIONS);
      assert.deepEqual(
        list.body.data.map((one: { id: string }) => one.id),
        [created.body.data.id],
      );
      assert.equal((await otherKey.client.get(path)).status, 404);
      const taken = await otherKey.client.send("PUT", `${CONNECTIONS}/by-external-id/kept`, HOOK);
      assert.equal(taken.body.code, "external_id_taken");
      const found = await instance.owner.get(`${CONNECTIONS}?created_by_key_id=${first.id}`);
      assert.equal(found.body.data.length, 1, "a person finds what a revoked key has created");
    });

    it("replaces only keys with the same access", async () => {
      const full = await makeKey({ access: "full_access" });
      const own = await makeKey();
      for (const [body, status] of [
        [{ access: "connections", replaces: full.id }, 422],
        [{ access: "full_access", replaces: own.id }, 422],
        [{ access: "connections", replaces: newId() }, 404],
      ] as const) {
        const refused = await instance.owner.post("/api/api-keys", { name: "New", ...body });
        checkResponse("POST", "/api/api-keys", refused);
        assert.equal(refused.status, status, refused.text);
      }
    });

    it("cannot use the idempotency keys of others, or see their results", async () => {
      const headers = { "idempotency-key": "shared" };
      const others = await instance.api.post("/api/integrations/webhook", HOOK, headers);
      const { client } = await makeKey();
      const refused = await client.post("/api/integrations/webhook", HOOK, headers);
      assert.equal(refused.body.code, "idempotency_key_reused");
      assert.ok(!refused.text.includes(others.body.data.id));
      const own = { "idempotency-key": "own" };
      const created = await client.post("/api/integrations/webhook", HOOK, own);
      const again = await client.post("/api/integrations/webhook", HOOK, own);
      assert.deepEqual([created.status, again.body.data.id], [201, created.body.data.id]);
    });

    it("cannot subscribe to events about other connections", async () => {
      const { client } = await makeKey();
      for (const type of [
        "integration.*",
        "integration.paused",
        "opensend.alert.backlog",
        "delivery.failed",
      ]) {
        const refused = await client.post("/api/integrations/webhook", { ...HOOK, event_types: ["*", type] });
        checkResponse("POST", "/api/integrations/webhook", refused);
        assert.equal(refused.status, 403, type);
        assert.match(refused.body.detail, /event_types/);
      }
      const created = await client.post("/api/integrations/webhook", {
        ...HOOK,
        event_types: ["delivery.*"],
      });
      assert.equal(created.status, 201, created.text);
    });

    it("reads the events of applications, but not their deliveries", async () => {
      const { client } = await makeKey();
      const sent = await instance.api.post("/api/events", { type: "order.paid", data: { total: 5 } });
      const { id } = sent.body.data;
      const inspector = await instance.api.post("/api/integrations/inspector");
      await instance.api.post(`${CONNECTIONS}/${inspector.body.data.id}/test`);
      const list = await client.get("/api/events?include=data");
      checkResponse("GET", "/api/events", list);
      const types = new Set(list.body.data.map((one: { type: string }) => one.type));
      assert.ok(types.has("order.paid") && !types.has("integration.test"), [...types].join());
      const listed = list.body.data.find((one: { id: string }) => one.id === id);
      assert.deepEqual(listed.data, { total: 5 });
      assert.deepEqual(listed.outcomes, {
        pending: 0,
        delivered: 0,
        failed: 0,
        cancelled: 0,
        is_exact: false,
      });
      const event = await client.get(`/api/events/${id}`);
      checkResponse("GET", "/api/events/{id}", event);
      assert.deepEqual([event.body.data.deliveries, event.body.data.not_delivered], [[], []]);
      for (const query of ["has_failed=true", "origin=system", "origin=test"]) {
        assert.equal((await client.get(`/api/events?${query}`)).status, 403, query);
      }
    });
  });

  describe("a key that is limited to event types", () => {
    it("sends only events of these types", async () => {
      const { client } = await makeKey({
        access: "sending_access",
        event_types: ["order.*", "user.created"],
      });
      const event = (type: string) => ({ type, data: {} });
      assert.equal((await client.post("/api/events", event("order.paid"))).status, 202);
      const refused = await client.post("/api/events", event("user.deleted"));
      checkResponse("POST", "/api/events", refused);
      assert.deepEqual([refused.status, refused.body.code], [403, "forbidden"]);
      assert.match(refused.body.detail, /order\.\*, user\.created only, not user\.deleted/);
      const batch = await client.post("/api/events/batch", [event("order.paid"), event("invoice.sent")]);
      assert.equal(batch.status, 403);
      const list = await instance.api.get("/api/events?type=user.deleted,invoice.sent");
      assert.deepEqual(list.body.data, []);
    });

    it("subscribes connections only to these types, by default to all of them", async () => {
      const { client } = await makeKey({ event_types: ["order.*"] });
      const created = await client.post("/api/integrations/webhook", HOOK);
      assert.deepEqual(created.body.data.event_types, ["order.*"]);
      const path = `${CONNECTIONS}/${created.body.data.id}`;
      for (const event_types of [["*"], ["order.paid", "user.*"], ["orders.paid"]]) {
        assert.equal((await client.post("/api/integrations/webhook", { ...HOOK, event_types })).status, 403);
        assert.equal((await client.patch(path, { event_types })).status, 403);
        const put = await client.send("PUT", `${CONNECTIONS}/by-external-id/limited`, {
          ...HOOK,
          event_types,
        });
        assert.equal(put.status, 403);
      }
      assert.equal((await client.patch(path, { event_types: ["order.paid.*"] })).status, 200);
      await instance.owner.patch(path, { event_types: ["*"] });
      const elsewhere = { webhook_url: `${HOOK.webhook_url}/elsewhere` };
      assert.equal((await client.patch(path, elsewhere)).status, 403, "a wider one goes nowhere else");
      assert.equal((await client.patch(path, { name: "Still mine" })).status, 200);
    });

    it("reads only events and event types of these types", async () => {
      const { client } = await makeKey({ event_types: ["invoice.*"] });
      const sent = await instance.api.post("/api/events/batch", [
        { type: "invoice.paid", data: {} },
        { type: "secret.told", data: {} },
      ]);
      const [invoice, secret] = sent.body.data.map(({ id }: { id: string }) => id);
      assert.equal((await client.get(`/api/events/${invoice}`)).status, 200);
      assert.equal((await client.get(`/api/events/${secret}`)).status, 404);
      const idsOf = async (query: string) =>
        (await client.get(`/api/events?${query}`)).body.data.map((one: { id: string }) => one.id);
      assert.deepEqual(await idsOf(""), [invoice]);
      assert.deepEqual(await idsOf("type=*"), [invoice]);
      assert.deepEqual(await idsOf("type=secret.told"), []);
      assert.deepEqual(await idsOf("type=secret.*,invoice.paid"), [invoice]);
      assert.deepEqual(await idsOf("q=%7B%7D"), [invoice]);
      await until(async () => {
        const all = await instance.api.get("/api/event-types?type=secret.*");
        return all.body.data.length === 1;
      });
      const types = await client.get("/api/event-types");
      assert.deepEqual(
        types.body.data.map((one: { type: string }) => one.type),
        ["invoice.paid"],
      );
      assert.deepEqual((await client.get("/api/event-types?type=secret.told")).body.data, []);
    });

    it("cannot have full access, duplicate types or the type `*`", async () => {
      for (const body of [
        { access: "full_access", event_types: ["order.*"] },
        { access: "connections", event_types: [] },
        { access: "connections", event_types: ["*"] },
        { access: "connections", event_types: ["a", "a"] },
      ]) {
        const refused = await instance.owner.post("/api/api-keys", { name: "Limited", ...body });
        checkResponse("POST", "/api/api-keys", refused);
        assert.equal(refused.status, 422, refused.text);
        assert.match(refused.body.errors[0].path, /^event_types/);
      }
    });
  });
});

function bodyOf(call: string): object {
  if (call.endsWith("/find")) return HOOK;
  if (call.endsWith("/retry-pending")) return { filter: {} };
  if (call.startsWith("PATCH")) return { name: "Mine now" };
  if (call.endsWith("rotate-secret")) return { signing_secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  return call.startsWith("PUT") ? { name: "Mine now" } : {};
}
