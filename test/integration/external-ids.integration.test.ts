import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";

const URL_OF = (path: string) => `https://hooks.zapier.com/hooks/catch/123/${path}`;
const SECRET = "a secret of this connection";
const CONNECTIONS = "/api/integrations/connections";
const BY_ID = `${CONNECTIONS}/by-external-id`;
const BY_ID_DESCRIBED = `${BY_ID}/{external_id}`;

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
  });
  after(() => instance.remove());

  const put = (externalId: string, body: object, headers: Record<string, string> = {}) =>
    api.send("PUT", `${BY_ID}/${externalId}`, body, headers);
  const audited = async (id: string): Promise<string[]> => {
    const log = await instance.owner.get(`/api/audit-log?target_id=${id}`);
    return log.body.data.map((entry: { action: string }) => entry.action);
  };

  describe("PUT by external id", () => {
    it("creates a connection with a 201, then updates it with a 200", async () => {
      const created = await put("customer-1", {
        name: "One",
        webhook_url: URL_OF("one"),
        signing_secret: SECRET,
      });
      checkResponse("PUT", BY_ID_DESCRIBED, created);
      assert.equal(created.status, 201, created.text);
      const { id } = created.body.data;
      assert.equal(created.headers.get("location"), `${CONNECTIONS}/${id}`);
      assert.equal(created.body.data.external_id, "customer-1");
      const changed = await put("customer-1", { event_types: ["order.*"], ordered: true });
      checkResponse("PUT", BY_ID_DESCRIBED, changed);
      assert.equal(changed.status, 200, changed.text);
      assert.equal(changed.headers.get("location"), null);
      const { data } = changed.body;
      assert.deepEqual(
        [data.id, data.name, data.event_types, data.ordered, data.config.webhook.has_signing_secret],
        [id, "One", ["order.*"], true, true],
      );
      assert.equal(
        data.config.webhook.endpoint_fingerprint,
        created.body.data.config.webhook.endpoint_fingerprint,
      );
      const read = await api.get(`${BY_ID}/customer-1`);
      checkResponse("GET", BY_ID_DESCRIBED, read);
      assert.deepEqual(read.body, changed.body);
    });

    it("with a dry run names what would change or why it would be refused, and changes nothing", async () => {
      const preview = async (externalId: string, body: object) => {
        const response = await api.post(`${BY_ID}/${externalId}/preview`, body);
        checkResponse("POST", `${BY_ID_DESCRIBED}/preview`, response);
        return response;
      };
      const body = {
        name: "Seen",
        webhook_url: URL_OF("seen"),
        signing_secret: SECRET,
        metadata: { a: "1" },
      };
      const before = await preview("seen", body);
      assert.deepEqual(before.body.data, { external_id: "seen", is_new: true, changed: [] });
      assert.equal((await api.get(`${BY_ID}/seen`)).status, 404);
      assert.equal((await preview("seen", { name: "Seen" })).status, 422);
      assert.equal((await preview("seen", { ...body, webhook_url: "https://10.0.0.1/" })).status, 422);
      const created = await put("seen", body);
      const changedBy = async (change: object) =>
        (await preview("seen", { ...body, ...change })).body.data.changed;
      assert.deepEqual(await changedBy({}), []);
      assert.deepEqual(await changedBy({ signing_secret: "another secret of it" }), ["signing_secret"]);
      assert.deepEqual(await changedBy({ signing_secret: null, name: "New" }), ["name", "signing_secret"]);
      assert.deepEqual(await changedBy({ webhook_url: URL_OF("moved") }), ["webhook_url"]);
      assert.deepEqual(await changedBy({ metadata: { a: "2" }, ordered: true }), ["metadata", "ordered"]);
      assert.equal((await preview("seen", { event_types: [] })).status, 422);
      const after = await api.get(`${BY_ID}/seen`);
      assert.deepEqual(after.body, created.body);
      assert.deepEqual(await audited(created.body.data.id), ["connection.connected"]);
    });

    it("changes and logs nothing when it is repeated with the same values, including secrets", async () => {
      const body = {
        name: "Same",
        webhook_url: URL_OF("same"),
        signing_secret: SECRET,
        event_types: ["order.paid"],
        concurrency: 3,
        metadata: { plan: "pro", customer: "7" },
      };
      const created = await put("same", body);
      const again = await put("same", { ...body, metadata: { customer: "7", plan: "pro" } });
      assert.equal(again.status, 200);
      assert.deepEqual(again.body, created.body);
      assert.equal(again.headers.get("etag"), created.headers.get("etag"));
      assert.deepEqual(await audited(created.body.data.id), ["connection.connected"]);
      const changed = await put("same", { ...body, signing_secret: "another secret of it" });
      assert.notEqual(changed.headers.get("etag"), created.headers.get("etag"));
      const [entry] = (await instance.owner.get(`/api/audit-log?target_id=${created.body.data.id}`)).body
        .data;
      assert.deepEqual(entry.metadata.changed, ["signing_secret"]);
    });

    it("replaces headers as a whole, and changes nothing if they are the same", async () => {
      const headers = { "X-Tenant": "acme-secret", Authorization: "Bearer 0123456789" };
      const body = { webhook_url: URL_OF("headers"), headers };
      const created = await put("headers", body);
      const namesOf = (response: typeof created) => response.body.data.config.webhook.header_names;
      assert.deepEqual(namesOf(created), ["Authorization", "X-Tenant"]);
      const again = await put("headers", {
        ...body,
        headers: { Authorization: "Bearer 0123456789", "X-Tenant": "acme-secret" },
      });
      assert.equal(again.headers.get("etag"), created.headers.get("etag"));
      assert.deepEqual(await audited(created.body.data.id), ["connection.connected"]);
      const other = { "X-Tenant": "another-secret" };
      const changed = await put("headers", { ...body, headers: other });
      assert.deepEqual(namesOf(changed), ["X-Tenant"]);
      const kept = await put("headers", { name: "Kept" });
      assert.deepEqual(namesOf(kept), ["X-Tenant"]);
      const elsewhere = { webhook_url: "https://hook.eu1.make.com/abc" };
      assert.equal((await put("headers", elsewhere)).status, 422);
      assert.equal((await put("headers", { ...elsewhere, headers: other })).status, 200);
      const [entry] = (await instance.owner.get(`/api/audit-log?target_id=${created.body.data.id}`)).body
        .data;
      assert.doesNotMatch(JSON.stringify(entry), /another-secret/);
    });

    it("creates one connection for concurrent requests", async () => {
      const responses = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          put("racing", { name: `Racer ${index}`, webhook_url: URL_OF("racing") }),
        ),
      );
      assert.deepEqual(
        responses.map(({ status }) => status).toSorted(),
        [200, 200, 200, 200, 200, 201],
        responses.map(({ text }) => text).join("\n"),
      );
      assert.equal(new Set(responses.map(({ body }) => body.data.id)).size, 1);
    });

    it("requires a URL for a new connection, and allows no other id than the one in the path", async () => {
      const bare = await put("bare", { name: "Bare" });
      checkResponse("PUT", BY_ID_DESCRIBED, bare);
      assert.equal(bare.status, 422);
      assert.equal(bare.body.errors[0].path, "webhook_url");
      const other = await put("bare", { webhook_url: URL_OF("bare"), external_id: "other" });
      assert.equal(other.status, 422);
      assert.equal(other.body.errors[0].path, "external_id");
      assert.equal((await put("bare", { webhook_url: URL_OF("bare"), external_id: "bare" })).status, 201);
    });

    it("honors If-Match and If-None-Match", async () => {
      assert.equal((await put("matched", { webhook_url: URL_OF("m") }, { "if-match": '"1"' })).status, 412);
      const create = { "if-none-match": "*" };
      assert.equal((await put("matched", { webhook_url: URL_OF("m") }, create)).status, 201);
      assert.equal((await put("matched", { webhook_url: URL_OF("m") }, create)).status, 412);
      assert.equal((await put("matched", { name: "Second" }, { "if-match": '"1"' })).status, 200);
      assert.equal((await put("matched", { name: "Third" }, { "if-match": '"1"' })).status, 412);
    });

    it("accepts ids with or without percent-encoding, and refuses invalid ones", async () => {
      const odd = "_Acme:prod.eu~1-2";
      const created = await put(odd, { webhook_url: URL_OF("odd") });
      assert.equal(created.status, 201, created.text);
      const escaped = [...odd].map((one) => `%${one.charCodeAt(0).toString(16)}`).join("");
      assert.equal((await api.get(`${BY_ID}/${escaped}`)).body.data.id, created.body.data.id);
      const long = "x".repeat(255);
      const escapedLong = "%78".repeat(255);
      assert.equal((await put(long, { webhook_url: URL_OF("long") })).status, 201);
      assert.equal((await api.get(`${BY_ID}/${escapedLong}`)).status, 200);
      for (const wrong of ["x".repeat(256), "a%2Fb", "%20", "-a", "%00", "ä"]) {
        const response = await put(wrong, { webhook_url: URL_OF("wrong") });
        assert.equal(response.status, 400, wrong);
        assert.match(response.body.detail, /external_id/);
      }
    });
  });

  describe("an external id", () => {
    it("belongs to one connection until that is disconnected", async () => {
      const first = await api.post("/api/integrations/webhook", {
        webhook_url: URL_OF("first"),
        external_id: "taken",
      });
      assert.equal(first.status, 201, first.text);
      const second = await api.post("/api/integrations/webhook", {
        webhook_url: URL_OF("second"),
        external_id: "taken",
      });
      checkResponse("POST", "/api/integrations/webhook", second);
      assert.equal(second.status, 409);
      assert.equal(second.body.code, "external_id_taken");
      const free = await api.post("/api/integrations/webhook", { webhook_url: URL_OF("free") });
      const path = `${CONNECTIONS}/${free.body.data.id}`;
      assert.equal((await api.patch(path, { external_id: "taken" })).body.code, "external_id_taken");
      const gone = await api.delete(`${BY_ID}/taken`);
      checkResponse("DELETE", BY_ID_DESCRIBED, gone);
      assert.deepEqual([gone.status, gone.body.data.status], [200, "disconnected"]);
      assert.equal((await api.delete(`${BY_ID}/taken`)).body.data.id, first.body.data.id, "again");
      assert.equal((await api.get(`${BY_ID}/taken`)).status, 404);
      assert.equal((await api.patch(path, { external_id: "taken" })).status, 200);
      const back = await api.patch(`${CONNECTIONS}/${first.body.data.id}`, { webhook_url: URL_OF("back") });
      assert.equal(back.body.code, "external_id_taken", "nor can the old one be connected again");
      assert.equal((await api.patch(path, { external_id: null })).body.data.external_id, null);
      assert.equal((await api.get(`${BY_ID}/taken`)).status, 404);
      const renewed = await put("taken", { webhook_url: URL_OF("renewed") });
      assert.equal(renewed.status, 201);
      assert.notEqual(renewed.body.data.id, first.body.data.id);
    });

    it("is scoped to its workspace", async () => {
      const other = await keyOfAnotherWorkspace(instance);
      await put("shared", { webhook_url: URL_OF("mine") });
      assert.equal((await other.get(`${BY_ID}/shared`)).status, 404);
      assert.equal((await other.delete(`${BY_ID}/shared`)).status, 404);
      const created = await other.send("PUT", `${BY_ID}/shared`, { webhook_url: URL_OF("theirs") });
      assert.equal(created.status, 201);
      assert.equal((await other.get(`${CONNECTIONS}?external_id=shared`)).body.data.length, 1);
    });

    it("finds its connection in the list, as do a fingerprint and a key", async () => {
      const created = await put("listed", { webhook_url: URL_OF("listed") });
      const { id, created_by_key_id: keyId, config } = created.body.data;
      const found = async (query: string) =>
        (await api.get(`${CONNECTIONS}?${query}`)).body.data.map((one: { id: string }) => one.id);
      assert.deepEqual(await found("external_id=listed"), [id]);
      assert.deepEqual(await found("external_id=listed&status=disconnected"), []);
      assert.deepEqual(await found("external_id=unlisted"), []);
      assert.ok((await found(`endpoint_fingerprint=${config.webhook.endpoint_fingerprint}`)).includes(id));
      assert.ok((await found(`created_by_key_id=${keyId}&sort=name`)).includes(id));
      const byHand = await instance.owner.post("/api/integrations/webhook", { webhook_url: URL_OF("hand") });
      assert.equal(byHand.body.data.created_by_key_id, null);
    });
  });
});
