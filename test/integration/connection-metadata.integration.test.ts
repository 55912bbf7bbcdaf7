import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { keyOfAnotherWorkspace, startInstance, type TestInstance } from "../support/instance.ts";

const URL_OF = (path: string) => `https://hooks.zapier.com/hooks/catch/123/${path}`;
const CONNECTIONS = "/api/integrations/connections";

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
  });
  after(() => instance.remove());

  const connect = async (path: string, metadata?: object): Promise<string> => {
    const body = { webhook_url: URL_OF(path), name: path, ...(metadata && { metadata }) };
    const created = await api.post("/api/integrations/webhook", body);
    assert.equal(created.status, 201, created.text);
    return created.body.data.id;
  };
  const found = async (query: string): Promise<string[]> => {
    const list = await api.get(`${CONNECTIONS}?${query}`);
    assert.equal(list.status, 200, list.text);
    checkResponse("GET", CONNECTIONS, list);
    return list.body.data.map(({ name }: { name: string }) => name);
  };
  const metadataOf = async (id: string) => (await api.get(`${CONNECTIONS}/${id}`)).body.data.metadata;

  describe("metadata", () => {
    it("is merged by PATCH, replaced by PUT and cleared by null", async () => {
      const id = await connect("merged", { customer: "1", plan: "free" });
      const path = `${CONNECTIONS}/${id}`;
      assert.deepEqual(await metadataOf(id), { customer: "1", plan: "free" });
      await api.patch(path, { metadata: { plan: null, region: "eu" }, external_id: "merged" });
      assert.deepEqual(await metadataOf(id), { customer: "1", region: "eu" });
      await api.send("PUT", `${CONNECTIONS}/by-external-id/merged`, { metadata: { only: "this" } });
      assert.deepEqual(await metadataOf(id), { only: "this" });
      assert.equal((await api.patch(path, { metadata: null })).status, 200);
      assert.deepEqual(await metadataOf(id), {});
      const [entry] = (await instance.owner.get(`/api/audit-log?target_id=${id}`)).body.data;
      assert.deepEqual(entry.metadata.changed, ["metadata"]);
    });

    it("is limited to 20 pairs, and in the length of names and values", async () => {
      const pairs = (count: number, prefix = "k") =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "v"]));
      const id = await connect("full", pairs(20));
      const more = await api.patch(`${CONNECTIONS}/${id}`, { metadata: pairs(1, "other") });
      checkResponse("PATCH", `${CONNECTIONS}/{id}`, more);
      assert.equal(more.status, 422);
      const swapped = await api.patch(`${CONNECTIONS}/${id}`, {
        metadata: { k0: null, ...pairs(1, "other") },
      });
      assert.equal(swapped.status, 200, swapped.text);
      for (const metadata of [
        pairs(21),
        { "a b": "1" },
        { "": "1" },
        { ["k".repeat(41)]: "1" },
        { a: "x".repeat(501) },
        { a: 1 },
        { a: "\0" },
        ["a"],
        JSON.parse('{"__proto__": "1"}'),
      ]) {
        const refused = await api.post("/api/integrations/webhook", { webhook_url: URL_OF("no"), metadata });
        assert.equal(refused.status, 422, JSON.stringify(metadata));
        assert.match(refused.body.errors[0].path, /^metadata/);
      }
    });

    it("finds connections in any sort order, and only by its current values", async () => {
      const id = await connect("eu-1", { customer: "7", region: "eu" });
      await connect("eu-2", { customer: "8", region: "eu" });
      await connect("us-1", { customer: "7", region: "us" });
      await connect("none");
      assert.deepEqual(await found("metadata[region]=eu"), ["eu-2", "eu-1"]);
      assert.deepEqual(await found("metadata%5Bregion%5D=eu&sort=name"), ["eu-1", "eu-2"]);
      assert.deepEqual(await found("metadata[region]=eu&metadata[customer]=7"), ["eu-1"]);
      assert.deepEqual(await found("metadata[region]=eu&limit=1"), ["eu-2"]);
      assert.deepEqual(await found("metadata[region]="), []);
      assert.deepEqual(await found("metadata[regio]=eu"), []);
      await api.patch(`${CONNECTIONS}/${id}`, { metadata: { region: "us" } });
      assert.deepEqual(await found("metadata[region]=eu"), ["eu-2"]);
      await api.delete(`${CONNECTIONS}/${id}`);
      assert.deepEqual(await found("metadata[region]=us"), ["us-1"]);
      assert.deepEqual(await found("metadata[region]=us&status=disconnected"), ["eu-1"]);
      for (const query of [
        "metadata[__proto__]=x",
        "metadata=x",
        "metadata[a b]=x",
        "metadata[a]=x&metadata[a]=y",
      ]) {
        assert.equal((await api.get(`${CONNECTIONS}?${query}`)).status, 422, query);
      }
      const other = await keyOfAnotherWorkspace(instance);
      assert.deepEqual((await other.get(`${CONNECTIONS}?metadata[region]=us`)).body.data, []);
    });
  });

  describe("a webhook URL", () => {
    it("finds its connections page by page, and is in no response", async () => {
      const secretPart = "3f9a8b7c6d5e4f3a";
      const ids: string[] = [];
      for (let number = 0; number < 3; number++) ids.unshift(await connect(secretPart));
      await connect(`${secretPart}x`);
      const gone = await connect(secretPart);
      await api.delete(`${CONNECTIONS}/${gone}`);
      const found: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const body = { webhook_url: ` ${URL_OF(secretPart)} `, limit: 2, ...(cursor && { cursor }) };
        const page = await api.post(`${CONNECTIONS}/find`, body);
        checkResponse("POST", `${CONNECTIONS}/find`, page);
        assert.equal(page.status, 200, page.text);
        for (const one of page.body.data) {
          found.push(one.id);
          assert.ok(!JSON.stringify({ ...one, name: "" }).includes(secretPart));
        }
        if (!page.body.has_more) break;
        cursor = page.body.next_cursor;
      }
      assert.deepEqual(found, ids);
      const none = await api.post(`${CONNECTIONS}/find`, { webhook_url: URL_OF("nobody") });
      assert.deepEqual([none.status, none.body.data], [200, []]);
      for (const webhook_url of ["", "hooks.zapier.com/hooks", "ftp://example.com/x"]) {
        const refused = await api.post(`${CONNECTIONS}/find`, { webhook_url });
        assert.equal(refused.status, 422, webhook_url);
      }
    });
  });
});
