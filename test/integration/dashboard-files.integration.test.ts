import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type FastifyInstance, fastify } from "fastify";
import { OpenSendError } from "../../src/domain/errors.ts";
import type { ApiServer } from "../../src/http/api-server.ts";
import { registerDashboard } from "../../src/http/dashboard.ts";
import { makeDashboard } from "../support/dashboard-folder.ts";

const SCRIPT = 'console.log("dashboard")';

describe("the built dashboard", () => {
  const dashboard = makeDashboard();
  let url = "";
  let app: FastifyInstance;
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fetch(url + path, { headers, method });

  before(async () => {
    app = fastify();
    app.setErrorHandler((error: Error, _request, reply) => {
      const status = error instanceof OpenSendError && error.code === "not_found" ? 404 : 400;
      return reply.code(status).send(error.message);
    });
    await registerDashboard(app as unknown as ApiServer, dashboard.folder);
    await app.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await app.close();
    dashboard.remove();
  });

  it("sends a hashed asset for a year, with its type", async () => {
    const answer = await get("/assets/app-Ab_9.js");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.match(answer.headers.get("content-type") ?? "", /^(text|application)\/javascript/);
    assert.equal(await answer.text(), SCRIPT);
    assert.match((await get("/assets/style.css")).headers.get("content-type") ?? "", /^text\/css/);
  });

  it("sends the other files for an hour", async () => {
    const answer = await get("/favicon.svg");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "public, max-age=3600");
  });

  it("responds to HEAD, a range, and what the browser has already", async () => {
    const head = await get("/assets/app-Ab_9.js", {}, "HEAD");
    assert.equal(head.headers.get("content-length"), String(SCRIPT.length));
    const range = await get("/assets/app-Ab_9.js", { range: "bytes=0-6" });
    assert.equal(range.status, 206);
    assert.equal(await range.text(), SCRIPT.slice(0, 7));
    assert.equal((await get("/assets/app-Ab_9.js", { range: "bytes=999-" })).status, 400);
    // As browsers do; without the second header, `fetch` would ask for a whole response.
    const known = { "if-none-match": head.headers.get("etag") ?? "", "cache-control": "max-age=0" };
    assert.equal((await get("/assets/app-Ab_9.js", known)).status, 304);
  });

  it("sends an asset as it was compressed when it was built, to anyone who takes that", async () => {
    const path = "/assets/large-Cd_8.js";
    const tags = new Set<string | null>();
    for (const [accept, coding] of [
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip", "gzip"],
      ["identity", null],
      ["zstd", null],
    ] as const) {
      const answer = await get(path, { "accept-encoding": accept });
      assert.equal(answer.status, 200, accept);
      assert.equal(answer.headers.get("content-encoding"), coding, accept);
      assert.equal(answer.headers.get("vary"), "accept-encoding", accept);
      assert.match(answer.headers.get("content-type") ?? "", /javascript/);
      assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.equal(await answer.text(), dashboard.script, accept);
      tags.add(answer.headers.get("etag"));
      const length = Number(answer.headers.get("content-length"));
      assert.ok(coding === null ? length === dashboard.script.length : length < 200, accept);
      const head = await get(path, { "accept-encoding": accept }, "HEAD");
      assert.equal(head.headers.get("content-length"), String(length), accept);
    }
    assert.equal(tags.size, 3, "each form has a tag of its own");
    for (const other of [`${path}.br`, `${path}.gz`]) assert.equal((await get(other)).status, 404, other);
  });

  it("sends no other files", async () => {
    for (const name of ["other.js", "app-Ab_9xjs", "..%2Findex.html", "%2e%2e/index.html"]) {
      assert.equal((await get(`/assets/${name}`)).status, 404, name);
    }
    assert.equal((await get("/index.html")).status, 404);
    assert.equal((await get("/build-stamp.txt")).status, 404);
  });

  it("sends the page wherever a person may be, and not instead of an asset", async () => {
    const person = { accept: "text/html" };
    assert.match(await (await get("/integrations", person)).text(), /<title>Dashboard/);
    assert.equal((await get("/assets/other.js", person)).status, 404);
  });
});
