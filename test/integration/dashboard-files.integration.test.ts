import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { LARGE_SCRIPT, makeFolders, makePacked, SCRIPT } from "../support/built-files.ts";
import { makeSqlite, type TestDatabase } from "../support/databases.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

for (const [name, make] of Object.entries({
  "a checkout's folders": makeFolders,
  "a packed file": makePacked,
})) {
  describe(`the built pages in ${name}`, () => {
    const built = make();
    let database: TestDatabase;
    let app: ServedApp;
    const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
      fetch(app.url + path, { headers, method });

    before(async () => {
      database = await makeSqlite();
      app = await serveTestApp(database, { builtFiles: built.files });
    });
    after(async () => {
      await app.close();
      await database.remove();
      built.remove();
    });

    /** Resolves with the response as sent on the wire. */
    function send(path: string, accept: string, method = "GET") {
      const { promise, resolve, reject } = Promise.withResolvers<{
        status: number;
        headers: Record<string, string | string[] | undefined>;
        bytes: Buffer;
      }>();
      const options = { method, headers: { "accept-encoding": accept } };
      const sent = request(app.url + path, options, async (response) => {
        const bytes = Buffer.concat(await response.toArray());
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes });
      });
      sent.once("error", reject);
      sent.end();
      return promise;
    }

    it("include hashed assets, which browsers cache for a year", async () => {
      const response = await get("/assets/app-Ab_9.js");
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
      assert.equal(await response.text(), SCRIPT);
      assert.match((await get("/assets/style.css")).headers.get("content-type") ?? "", /^text\/css/);
    });

    it("include other files, which browsers cache for an hour", async () => {
      const response = await get("/favicon.svg");
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("cache-control"), "public, max-age=3600");
      assert.equal(response.headers.get("content-type"), "image/svg+xml");
    });

    it("include the documentation", async () => {
      for (const path of ["/docs", "/docs/", "/docs/page", "/docs/page/"]) {
        const response = await get(path);
        assert.equal(response.status, 200, path);
        assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
        assert.match(await response.text(), path.includes("page") ? /<title>Page/ : /<title>Documentation/);
      }
      assert.equal((await get("/docs/nowhere")).status, 404);
    });

    it("support HEAD and conditional requests", async () => {
      const head = await get("/assets/app-Ab_9.js", {}, "HEAD");
      assert.equal(head.headers.get("content-length"), String(SCRIPT.length));
      // Like a browser; without the second header, `fetch` would request a whole response.
      const known = { "if-none-match": head.headers.get("etag") ?? "", "cache-control": "max-age=0" };
      assert.equal((await get("/assets/app-Ab_9.js", known)).status, 304);
    });

    it("include assets compressed for clients that accept it", async () => {
      const path = "/assets/large-Cd_8.js";
      for (const [accept, coding, unpack] of [
        ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
        ["gzip", "gzip", gunzipSync],
        ["br;q=0, gzip", "gzip", gunzipSync],
        ["identity", undefined, (bytes: Buffer) => bytes],
        ["zstd", undefined, (bytes: Buffer) => bytes],
      ] as const) {
        for (const _ of ["first", "again"]) {
          const { status, headers, bytes } = await send(path, accept);
          assert.equal(status, 200, accept);
          assert.equal(headers["content-encoding"], coding, accept);
          assert.match(String(headers["vary"]), /\baccept-encoding\b/, accept);
          assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
          assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
          assert.equal(unpack(bytes).toString(), LARGE_SCRIPT, accept);
          assert.equal(headers["content-length"], String(bytes.length), accept);
          assert.ok(coding === undefined || bytes.length < 200, accept);
          const head = await send(path, accept, "HEAD");
          assert.equal(head.headers["content-length"], String(bytes.length), accept);
        }
      }
    });

    it("include no other files", async () => {
      for (const name of ["other.js", "app-Ab_9xjs", "..%2Findex.html", "%2e%2e/index.html", "", "%00"]) {
        assert.equal((await get(`/assets/${name}`)).status, 404, name);
      }
      assert.equal((await get("/index.html")).status, 404);
      assert.equal((await get("/build-stamp.txt")).status, 404);
    });

    it("include one page for every URL of the dashboard, but not for missing assets", async () => {
      const person = { accept: "text/html" };
      assert.match(await (await get("/integrations", person)).text(), /<title>Dashboard/);
      assert.match(await (await get("/", person)).text(), /<title>Dashboard/);
      assert.equal((await get("/assets/other.js", person)).status, 404);
    });
  });
}
