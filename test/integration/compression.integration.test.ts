import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { chooseCoding } from "../../src/http/compression.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";

const UNPACK = { br: brotliDecompressSync, gzip: gunzipSync } as const;

describe("compression", () => {
  let instance: TestInstance;
  before(async () => {
    instance = await startInstance(makeSqlite);
    await instance.api.post("/api/integrations/webhook", { webhook_url: "https://hooks.example.com/a" });
    const events = Array.from({ length: 100 }, (_, index) => ({ type: "a.b", data: { index } }));
    assert.equal((await instance.api.post("/api/events/batch", events)).status, 202);
  });
  after(() => instance.remove());

  /** Resolves with the response as sent on the wire. */
  function send(method: string, path: string, headers: Record<string, string> = {}, body?: object) {
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number;
      headers: Record<string, string | string[] | undefined>;
      bytes: Buffer;
    }>();
    const authorization = `Bearer ${instance.key}`;
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const options = { method, headers: { authorization, ...type, ...headers } };
    const sent = request(instance.server.url + path, options, async (response) => {
      const bytes = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes });
    });
    sent.once("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  for (const path of [
    "/openapi.json",
    "/docs",
    "/metrics",
    "/api/events",
    "/api/deliveries",
    "/api/audit-log/export",
  ]) {
    it(`sends ${path} in a coding the caller accepts`, async () => {
      const plain = await send("GET", path, { "accept-encoding": "identity" });
      assert.equal(plain.headers["content-encoding"], undefined);
      for (const coding of ["br", "gzip"] as const) {
        const packed = await send("GET", path, { "accept-encoding": coding });
        assert.equal(packed.status, 200);
        assert.equal(packed.headers["content-encoding"], coding);
        assert.match(String(packed.headers["vary"]), /\baccept-encoding\b/);
        const unpacked = UNPACK[coding](packed.bytes);
        // Metrics change between two requests.
        if (path !== "/metrics") assert.deepEqual(unpacked, plain.bytes);
        const length = packed.headers["content-length"];
        if (length !== undefined) assert.equal(Number(length), packed.bytes.length);
        assert.ok(packed.bytes.length < unpacked.length * 0.8, `${packed.bytes.length}`);
        const head = await send("HEAD", path, { "accept-encoding": coding });
        assert.equal(head.headers["content-encoding"], coding);
        assert.equal(head.bytes.length, 0);
      }
    });
  }

  it("skips short responses, errors and objects with a strong ETag", async () => {
    const { body } = await instance.api.get("/api/integrations/connections");
    const connection = `/api/integrations/connections/${body.data[0].id}`;
    const description = "long ".repeat(300).trim();
    await instance.api.patch(connection, { description });
    for (const path of ["/api/health", "/api/nowhere", connection]) {
      const response = await send("GET", path, { "accept-encoding": "br, gzip" });
      assert.equal(response.headers["content-encoding"], undefined, path);
      JSON.parse(response.bytes.toString());
    }
  });

  it("skips responses to changes, which may contain a secret next to the caller's input", async () => {
    const headers = {
      "accept-encoding": "br, gzip",
      cookie: instance.owner.cookie ?? "",
      origin: instance.server.url,
    };
    const name = "n".repeat(100);
    const key = await instance.owner.post("/api/api-keys", { name, access: "full_access" }, headers);
    assert.equal(key.status, 201);
    assert.equal(key.headers.get("content-encoding"), null);
    const events = Array.from({ length: 200 }, () => ({ type: "a.b", data: {} }));
    const batch = await send("POST", "/api/events/batch", { "accept-encoding": "br, gzip" }, events);
    assert.equal(batch.status, 202);
    assert.ok(batch.bytes.length > 10_000);
    assert.equal(batch.headers["content-encoding"], undefined);
  });

  it("does not delay a stream's events", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const authorization = `Bearer ${instance.key}`;
    const headers = { authorization, "accept-encoding": "br, gzip" };
    const sent = request(`${instance.server.url}/api/stream`, { headers }, (response) => {
      assert.equal(response.headers["content-encoding"], undefined);
      response.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    });
    sent.on("error", () => undefined);
    sent.end();
    assert.match(await promise, /^retry: /);
    sent.destroy();
  });

  it("uses the coding the caller prefers", () => {
    for (const [accept, coding] of [
      [undefined, null],
      ["", null],
      ["gzip, deflate, br, zstd", "br"],
      ["GZIP", "gzip"],
      ["br;q=0.1, gzip;q=0.9", "gzip"],
      ["*", "br"],
      ["br;q=0, *", "gzip"],
      ["br;q=0, gzip;q=0.0, *", null],
      ["identity, gzip;q=0.5", null],
      ["deflate", null],
      ["brotli", null],
    ] as const) {
      assert.equal(chooseCoding(accept), coding, accept);
    }
  });
});
