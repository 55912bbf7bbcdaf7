import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeSqlite, type TestDatabase } from "../support/databases.ts";
import { sendRaw } from "../support/raw-http.ts";
import { type ServedApp, serveTestApp } from "../support/served-app.ts";
import { until } from "../support/until.ts";

describe("invalid HTTP", () => {
  let database: TestDatabase;
  let app: ServedApp;
  before(async () => {
    database = await makeSqlite();
    app = await serveTestApp(database);
  });
  after(async () => {
    await app.close();
    await database.remove();
  });

  const head = (line: string, ...headers: string[]) =>
    `${[line, "host: 127.0.0.1", ...headers].join("\r\n")}\r\n\r\n`;
  const authorization = () => `authorization: Bearer ${app.api.key}`;

  for (const { name, bytes, status, code, words } of [
    {
      name: "a URL over the parser's limit",
      bytes: `GET /${"a".repeat(40_000)} HTTP/1.1\r\n`,
      status: 414,
      code: "uri_too_long",
      words: /URL/,
    },
    {
      name: "a URL over the limit of every call",
      bytes: head(`GET /api/events?cursor=${"a".repeat(9000)} HTTP/1.1`, "connection: close"),
      status: 414,
      code: "uri_too_long",
      words: /URL/,
    },
    {
      name: "a URL that is too long because of its id",
      bytes: head(`GET /api/events/${"a".repeat(9000)} HTTP/1.1`, "connection: close"),
      status: 414,
      code: "uri_too_long",
      words: /URL/,
    },
    {
      name: "headers over the limit",
      bytes: head("GET /api/health HTTP/1.1", `cookie: ${"a".repeat(40_000)}`),
      status: 431,
      code: "headers_too_large",
      words: /32768 bytes/,
    },
    {
      name: "chunk extensions over the limit",
      bytes: `${head("POST /api/session HTTP/1.1", "content-type: application/json", "transfer-encoding: chunked")}3;${"a".repeat(20_000)}\r\n`,
      status: 413,
      code: "body_too_large",
      words: /chunk extensions/,
    },
    {
      name: "a body with a bad chunk",
      bytes: `${head("POST /api/session HTTP/1.1", "content-type: application/json", "transfer-encoding: chunked")}zz\r\n`,
      status: 400,
      code: "invalid_request",
      words: /size of a chunk/,
    },
    {
      name: "an unknown method",
      bytes: head("BREW /verysecrettoken HTTP/1.1"),
      status: 400,
      code: "invalid_request",
      words: /method/,
    },
    {
      name: "TLS",
      bytes: Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3]),
      status: 400,
      code: "invalid_request",
      words: /http:\/\//,
    },
    {
      name: "unnegotiated HTTP/2",
      bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      status: 400,
      code: "invalid_request",
      words: /HTTP\/1\.1/,
    },
    {
      name: "two Content-Length headers",
      bytes: head("POST /api/session HTTP/1.1", "content-length: 2", "transfer-encoding: chunked"),
      status: 400,
      code: "invalid_request",
      words: /Transfer-Encoding/,
    },
    {
      name: "two Host headers",
      bytes: head("GET /api/health HTTP/1.1", "host: other.example", "connection: close"),
      status: 400,
      code: "invalid_request",
      words: /host is given more than once/,
    },
    {
      name: "two Authorization headers",
      bytes: head(
        "GET /api/integrations HTTP/1.1",
        "authorization: Bearer one",
        "Authorization: Bearer two",
        "connection: close",
      ),
      status: 400,
      code: "invalid_request",
      words: /authorization is given more than once/,
    },
    {
      name: "no Host header",
      bytes: "GET /api/health HTTP/1.1\r\nconnection: close\r\n\r\n",
      status: 400,
      code: "invalid_request",
      words: /no Host header/,
    },
    {
      name: "an invalid Host header",
      bytes: "GET /api/health HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n",
      status: 400,
      code: "invalid_request",
      words: /no host name/,
    },
  ] as const) {
    it(`gets ${status} for ${name}, and the connection is closed`, async () => {
      const text = await sendRaw(app.url, bytes).closed;
      assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `), text);
      assert.match(text, /content-type: application\/problem\+json/);
      const body = JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4));
      assert.equal(body.code, code);
      assert.equal(body.status, status);
      assert.match(body.detail, words);
      assert.match(text, new RegExp(`x-request-id: ${body.request_id}`));
      assert.doesNotMatch(text, /verysecrettoken/);
    });
  }

  it("does not include HTTP/1.0 without a Host header", async () => {
    for (const path of ["/api/health", "/metrics", "/"]) {
      const text = await sendRaw(app.url, `GET ${path} HTTP/1.0\r\n\r\n`).closed;
      assert.doesNotMatch(text, /^HTTP\/1\.1 (?:400|5)/, path);
    }
  });

  it("after the request of a stream writes nothing into the stream", async () => {
    const stream = sendRaw(app.url, head("GET /api/stream HTTP/1.1", authorization()));
    await until(async () => stream.received().includes("retry:"));
    stream.socket.write("GARBAGE\r\n\r\n");
    stream.socket.write("GARBAGE\r\n\r\n");
    const other = sendRaw(app.url, "GARBAGE\r\n\r\n");
    assert.match(await other.closed, /^HTTP\/1\.1 400 /);
    await app.connect({ webhookUrl: "https://hooks.example.com/a" });
    await until(async () => stream.received().includes("event: connection"));
    stream.socket.destroy();
    assert.equal(stream.received().match(/HTTP\/1\.1/g)?.length, 1, stream.received());
  });

  it("in the body of a refused request causes no second response", async () => {
    for (const rest of ["zz\r\n", "3\r\nabcd\r\n"]) {
      const exchange = sendRaw(
        app.url,
        head("POST /api/events HTTP/1.1", "content-type: application/json", "transfer-encoding: chunked"),
      );
      await until(() => exchange.received().includes("unauthenticated"));
      exchange.socket.write(rest);
      const text = await exchange.closed;
      assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1, text);
      assert.match(text, /^HTTP\/1\.1 401 /);
    }
  });

  it("after a request closes the connection once that request has its response", async () => {
    const bytes = `${head("GET /api/integrations HTTP/1.1", authorization())}GARBAGE\r\n\r\n`;
    const text = await sendRaw(app.url, bytes).closed;
    assert.match(text, /^HTTP\/1\.1 200 /);
    assert.match(text, /integration_catalog/);
    assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1, text);
  });

  it("connections whose request does not arrive are closed within the declared timeouts", async () => {
    const { server } = app;
    const declared = [server.headersTimeout, server.requestTimeout, server.keepAliveTimeout];
    assert.deepEqual(declared, [15_000, 30_000, 75_000]);
    Object.assign(server, { headersTimeout: 300, requestTimeout: 1500, keepAliveTimeout: 300 });
    server.keepAliveTimeoutBuffer = 0;
    const startedAt = performance.now();
    const elapsed = () => performance.now() - startedAt;
    const silent = sendRaw(app.url, "");
    const headless = sendRaw(app.url, "GET /api/health HTTP/1.1\r\n");
    const cutOff = sendRaw(
      app.url,
      `${head("POST /api/session HTTP/1.1", "content-type: application/json", "content-length: 9")}{`,
    );
    const idle = sendRaw(app.url, head("GET /api/health HTTP/1.1"));
    assert.equal(await silent.closed, "");
    assert.match(await headless.closed, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
    assert.match(await idle.closed, /^HTTP\/1\.1 200 /);
    assert.ok(elapsed() < 1500 + 300, `${elapsed()} ms`);
    assert.match(await cutOff.closed, /^HTTP\/1\.1 408 .*"code":"request_timeout"/s);
    assert.ok(elapsed() > 1500 && elapsed() < 1500 + 1300, `${elapsed()} ms`);
    Object.assign(server, {
      headersTimeout: declared[0],
      requestTimeout: declared[1],
      keepAliveTimeout: declared[2],
    });
  });
});
