import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { makeFolders } from "../support/built-files.ts";
import { makeSqlite, type TestDatabase } from "../support/databases.ts";
import { sendRaw } from "../support/raw-http.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";

const ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";

describe("HTTP methods", () => {
  const built = makeFolders();
  let database: TestDatabase;
  let app: ServedApp;
  let anonymous: ApiClient;
  before(async () => {
    database = await makeSqlite();
    app = await serveTestApp(database, { builtFiles: built.files });
    anonymous = new ApiClient(app.url);
  });
  after(async () => {
    await app.close();
    await database.remove();
    built.remove();
  });

  const raw = async (line: string) => {
    const bytes = `${line} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${app.api.key}\r\nconnection: close\r\n\r\n`;
    const text = await sendRaw(app.url, bytes).closed;
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
    return { status, allow: /^allow: (.*)$/im.exec(text)?.[1]?.trim(), text };
  };

  for (const [path, allow] of [
    ["/", "GET, HEAD, OPTIONS"],
    ["/docs", "GET, HEAD, OPTIONS"],
    ["/docs/errors/not_found", "GET, HEAD, OPTIONS"],
    ["/openapi.json", "GET, HEAD, OPTIONS"],
    ["/metrics", "GET, HEAD, OPTIONS"],
    ["/assets/anything.js", "GET, HEAD, OPTIONS"],
    ["/api/health", "GET, HEAD, OPTIONS"],
    ["/api/health/", "GET, HEAD, OPTIONS"],
    ["/%61pi/health", "GET, HEAD, OPTIONS"],
    ["/api/stream", "GET, HEAD, OPTIONS"],
    ["/api/events?limit=1", "GET, HEAD, OPTIONS, POST"],
    ["/api/events/batch", "OPTIONS, POST"],
    ["/api/events/batch/", "OPTIONS, POST"],
    ["/api/deliveries/replay", "OPTIONS, POST"],
    [`/api/integrations/connections/${ID}`, "DELETE, GET, HEAD, OPTIONS, PATCH"],
    [`/api/deliveries/${ID}/retry`, "OPTIONS, POST"],
  ] as const) {
    it(`of ${path} are listed in Allow`, async () => {
      const options = await raw(`OPTIONS ${path}`);
      assert.equal(options.status, 204, options.text);
      assert.equal(options.allow, allow);
      assert.ok(options.text.endsWith("\r\n\r\n"), "no body");
      const others = ["PUT", "TRACE", "PROPFIND", "QUERY", "GET", "DELETE"];
      for (const method of others.filter((one) => !allow.split(", ").includes(one))) {
        const other = await raw(`${method} ${path}`);
        assert.equal(other.status, 405, other.text);
        assert.equal(other.allow, allow);
        assert.match(other.text, /"code":"method_not_allowed"/);
      }
    });
  }

  it("of the server are listed in Allow", async () => {
    const { status, allow } = await raw("OPTIONS *");
    assert.equal(status, 204);
    assert.equal(allow, "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
  });

  it("get a 404 for unknown paths", async () => {
    for (const method of ["OPTIONS", "PUT", "POST", "GET", "HEAD", "PROPFIND"]) {
      for (const path of ["/api/nowhere", "/nowhere", "/api/health/nowhere", "/apixhealth"]) {
        assert.equal((await raw(`${method} ${path}`)).status, 404, `${method} ${path}`);
      }
    }
  });

  it("that are not allowed are refused before a body of any type is read", async () => {
    const response = await anonymous.send("PUT", "/api/session", "<xml/>", { "content-type": "text/xml" });
    assert.equal(response.status, 405);
    assert.equal((await anonymous.post("/nowhere", "<xml/>", { "content-type": "text/xml" })).status, 404);
  });

  it("include HEAD for every GET, with the same headers and no body", async () => {
    const paths = [
      "/",
      "/docs",
      "/openapi.json",
      "/metrics",
      "/api/health",
      "/api/ready",
      "/api/integrations",
      "/api/events",
      "/api/audit-log",
      "/api/audit-log/export",
      "/api/nowhere",
    ];
    for (const path of paths) {
      const accept = { accept: "*/*", "accept-encoding": "identity" };
      const get = await app.api.get(path, accept);
      const head = await app.api.send("HEAD", path, undefined, accept);
      assert.equal(head.status, get.status, path);
      assert.equal(head.text, "", path);
      assert.equal(head.headers.get("content-type"), get.headers.get("content-type"), path);
      assert.equal(head.headers.get("cache-control"), get.headers.get("cache-control"), path);
    }
  });

  it("GET serves the dashboard at the root to clients that accept HTML, elsewhere only if they name text/html or text/*", async () => {
    for (const accept of ["*/*", "text/*", "text/html", "application/xml, */*;q=0.1"]) {
      for (const method of ["GET", "HEAD"]) {
        const response = await anonymous.send(method, "/", undefined, { accept });
        assert.equal(response.status, 200, `${method} ${accept}`);
        assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
        assert.match(response.headers.get("vary") ?? "", /accept/i);
      }
    }
    assert.match((await raw("GET /")).text, /^HTTP\/1\.1 200 .*<!doctype html>/is);
    for (const accept of ["application/json", "text/html;q=0", "image/*"]) {
      assert.equal((await anonymous.get("/", { accept })).status, 404, accept);
    }
    assert.equal((await anonymous.get("/connections", { accept: "text/html" })).status, 200);
    assert.equal((await anonymous.get("/connections", { accept: "text/*" })).status, 200);
    assert.equal((await anonymous.get("/events", { accept: "*/*" })).status, 404);
  });
});
