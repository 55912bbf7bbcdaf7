import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ApiClient } from "../support/api-client.ts";
import { checkResponse } from "../support/check-response.ts";
import { forEachDatabase } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

const ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const CONNECTION = "/api/integrations/connections/{id}";
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;

forEachDatabase((makeDatabase) => {
  let instance: TestInstance;
  let api: ApiClient;
  before(async () => {
    instance = await startInstance(makeDatabase);
    api = instance.api;
  });
  after(() => instance.remove());

  /** A connection that was changed once since its first tag was read. */
  async function changedConnection() {
    const body = { webhook_url: "https://hooks.example.com/hooks/catch/1/2", signing_secret: SECRET };
    const created = await api.post("/api/integrations/webhook", body);
    const path = `/api/integrations/connections/${created.body.data.id}`;
    const stale = created.headers.get("etag") ?? "";
    const current = (await api.patch(path, { name: "Changed" })).headers.get("etag") ?? "";
    assert.notEqual(stale, current);
    return { path, stale, current };
  }

  describe("If-Match", () => {
    const verbs: readonly (readonly [string, string, unknown?])[] = [
      ["PATCH", "", { name: "Again" }],
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/rotate-secret", { signing_secret: OTHER_SECRET, overlap_hours: 0 }],
      ["POST", "/test"],
      ["DELETE", ""],
    ];
    for (const [method, suffix, body] of verbs) {
      it(`is honored by ${method} of a connection${suffix}`, async () => {
        const { path, stale, current } = await changedConnection();
        const send = (tag: string) => api.send(method, `${path}${suffix}`, body, { "if-match": tag });
        const before = (await api.get(path)).text;
        for (const tag of [stale, `W/${current}`, `"999", ${stale}`, '"no-tag-of-ours"']) {
          const refused = await send(tag);
          assert.equal(refused.status, 412, `${tag}: ${refused.text}`);
          assert.equal(refused.body.code, "version_conflict");
          checkResponse(method, `${CONNECTION}${suffix}`, refused);
        }
        assert.equal((await send("3")).status, 400);
        assert.equal((await api.get(path)).text, before, "nothing was changed");
        assert.equal((await send(`"999", ${current}`)).status, 200);
      });
    }

    it("with `*` matches any existing object", async () => {
      const { path } = await changedConnection();
      assert.equal((await api.delete(path, { "if-match": "*" })).status, 200);
      assert.equal((await api.delete(path.replace(/[^/]+$/, ID), { "if-match": "*" })).status, 404);
    });

    it("does not refuse a repeat with an idempotency key", async () => {
      const { path, current } = await changedConnection();
      const headers = { "if-match": current, "idempotency-key": `rotate-${current}-${path.slice(-12)}` };
      const body = { signing_secret: OTHER_SECRET, overlap_hours: 0 };
      const first = await api.post(`${path}/rotate-secret`, body, headers);
      const again = await api.post(`${path}/rotate-secret`, body, headers);
      assert.deepEqual([first.status, again.status], [200, 200], again.text);
      assert.equal(again.headers.get("idempotent-replayed"), "true");
    });

    it("is honored by the workspace's settings", async () => {
      const { owner } = instance;
      const tag = (await owner.get("/api/workspace")).headers.get("etag") ?? "";
      assert.equal((await owner.patch("/api/workspace", { name: "A" }, { "if-match": `"999"` })).status, 412);
      assert.equal((await owner.patch("/api/workspace", { name: "A" }, { "if-match": tag })).status, 200);
      assert.equal((await owner.patch("/api/workspace", { name: "B" }, { "if-match": tag })).status, 412);
    });

    it("is refused, without any change, for objects without an ETag", async () => {
      const created = await api.post("/api/events", { type: "a.b", data: {} }, { "if-match": '"1"' });
      assert.equal(created.status, 412, created.text);
      assert.match(created.body.detail, /no ETag/);
      assert.equal((await instance.owner.delete(`/api/api-keys/${ID}`, { "if-match": '"1"' })).status, 412);
      assert.equal((await instance.owner.delete(`/api/api-keys/${ID}`, { "if-match": "*" })).status, 404);
    });
  });

  describe("If-None-Match", () => {
    it("returns 304 for a known version, until it changes", async () => {
      const { path, stale, current } = await changedConnection();
      for (const known of [current, `W/${current}`, "*", `"999", ${current}`]) {
        const response = await api.get(path, { "if-none-match": known });
        assert.equal(response.status, 304, known);
        assert.equal(response.text, "");
        assert.equal(response.headers.get("etag"), current);
        assert.equal(response.headers.get("content-type"), null);
      }
      assert.equal((await api.send("HEAD", path, undefined, { "if-none-match": current })).status, 304);
      for (const other of [stale, "3", ""]) {
        assert.equal((await api.get(path, { "if-none-match": other })).status, 200, other);
      }
      assert.equal((await api.get(`${path}x`, { "if-none-match": "*" })).status, 400);
      const other = await api.get(path, { "if-match": stale });
      assert.equal(other.status, 412);
      assert.equal(other.headers.get("etag"), null);
      checkResponse("GET", CONNECTION, other);
      assert.equal((await api.get(path, { "if-match": current })).status, 200);
      assert.equal((await api.patch(path, { name: "New" }, { "if-none-match": "*" })).status, 412);
    });

    it("is honored for the description of the API, compressed or not", async () => {
      const first = await api.get("/openapi.json", { "accept-encoding": "identity" });
      const tag = first.headers.get("etag") ?? "";
      assert.match(tag, /^W\/"[\w-]{22}"$/);
      assert.equal(first.headers.get("cache-control"), "no-cache");
      for (const coding of ["identity", "gzip", "br"]) {
        const headers = { "accept-encoding": coding, "if-none-match": tag };
        assert.equal((await api.get("/openapi.json", headers)).status, 304);
        assert.equal((await api.get("/openapi.json", { ...headers, "if-none-match": '"x"' })).status, 200);
      }
    });
  });
});
