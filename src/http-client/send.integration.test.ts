import assert from "node:assert/strict";
import http from "node:http";
import { suite, test } from "node:test";
import { listen } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { Outcome, ReceivedResponse } from "../domain/outcome.ts";

const HEADERS = { "content-type": "application/json", "webhook-id": "msg_1" };

function request(port: number, path = "/hook", host = "127.0.0.1") {
  return { url: new URL(`http://${host}:${port}${path}`), headers: HEADERS, body: '{"n":1}' };
}

function responseOf(outcome: Outcome): ReceivedResponse {
  assert.ok(outcome.kind === "response", JSON.stringify(outcome));
  return outcome.response;
}

suite("a request", () => {
  test("arrives as one POST with its path, query, headers and exact body", async (t) => {
    const seen: unknown[] = [];
    const server = http.createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const { method, url, headers } = incoming;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(202, "Taken", { "X-Run": "7" }).end("thanks ✓");
    });
    const { port } = await listen(t, server);
    const egress = openEgress(t);

    const body = '{"text":"ünïcode ✓"}';
    const outcome = await egress.send({ ...request(port, "/a%20b/c?d=e&f#fragment"), body });

    assert.equal(outcome.kind, "response");
    const response = responseOf(outcome);
    assert.deepEqual(
      { ...response, headers: { "x-run": response.headers["x-run"] } },
      { status: 202, statusText: "Taken", headers: { "x-run": "7" }, body: "thanks ✓", truncated: false },
    );
    assert.deepEqual(seen, [
      {
        method: "POST",
        url: "/a%20b/c?d=e&f",
        headers: {
          host: `127.0.0.1:${port}`,
          connection: "keep-alive",
          "content-type": "application/json",
          "webhook-id": "msg_1",
          "content-length": String(Buffer.byteLength(body)),
        },
        body,
      },
    ]);
  });

  test("is timed stage by stage, to a tenth of a millisecond", async (t) => {
    const { port } = await listen(
      t,
      http.createServer((_incoming, response) => response.end()),
    );
    const { timings } = await openEgress(t, { resolve: async () => ["127.0.0.1"] }).send(
      request(port, "/", "hooks.test"),
    );
    assert.ok(timings.dns !== null && timings.connect !== null && timings.first_byte !== null);
    assert.equal(timings.tls, null);
    assert.ok(timings.total >= timings.connect + timings.first_byte - 0.2);
    for (const duration of [timings.dns, timings.connect, timings.first_byte, timings.total]) {
      assert.equal(Math.round(duration * 10) / 10, duration);
    }
  });

  test("that cannot be written rejects", async (t) => {
    const { port, connections } = await listen(t, http.createServer());
    const egress = openEgress(t);
    await assert.rejects(egress.send({ ...request(port), headers: { "x-a": "1\r\nx-b: 2" } }));
    await assert.rejects(egress.send({ ...request(port), headers: { "transfer-encoding": "chunked" } }));
    assert.equal(connections(), 0);
  });

  test("with user info is refused, even if its origin is connected", async (t) => {
    let requests = 0;
    const server = http.createServer((_incoming, response) => {
      requests += 1;
      response.end();
    });
    const { port } = await listen(t, server);
    const egress = openEgress(t);
    responseOf(await egress.send(request(port)));
    const outcome = await egress.send(request(port, "/", "user:password@127.0.0.1"));
    assert.ok(outcome.kind === "failure");
    assert.equal(outcome.failure.code, "blocked_url");
    assert.equal(requests, 1);
  });

  test("can have an empty body", async (t) => {
    const lengths: unknown[] = [];
    const server = http.createServer((incoming, response) => {
      lengths.push(incoming.headers["content-length"]);
      response.end();
    });
    const { port } = await listen(t, server);
    responseOf(await openEgress(t).send({ ...request(port), body: "" }));
    assert.deepEqual(lengths, ["0"]);
  });
});

suite("a response", () => {
  test("that redirects is returned and not followed", async (t) => {
    let followed = 0;
    const secret = await listen(
      t,
      http.createServer((_incoming, response) => {
        followed += 1;
        response.end();
      }),
    );
    const server = http.createServer((incoming, response) => {
      const status = Number(incoming.url?.slice(1));
      response.writeHead(status, { location: `http://127.0.0.1:${secret.port}/` }).end();
    });
    const { port } = await listen(t, server);
    const egress = openEgress(t);
    for (const status of [301, 302, 303, 307, 308]) {
      const response = responseOf(await egress.send(request(port, `/${status}`)));
      assert.equal(response.status, status);
      assert.equal(response.headers["location"], `http://127.0.0.1:${secret.port}/`);
    }
    assert.equal(responseOf(await egress.send(request(secret.port))).status, 200);
    assert.equal(followed, 1);
  });

  test("can have any status", async (t) => {
    const server = http.createServer((incoming, response) => {
      response.writeHead(Number(incoming.url?.slice(1))).end();
    });
    const { port } = await listen(t, server);
    const egress = openEgress(t);
    for (const status of [200, 204, 304, 400, 404, 410, 429, 500, 503, 599]) {
      assert.equal(responseOf(await egress.send(request(port, `/${status}`))).status, status);
    }
  });

  test("has lower-case headers, and repeated ones joined", async (t) => {
    const server = http.createServer((_incoming, response) => {
      response.setHeader("X-MiXed", ["a", "b"]);
      response.setHeader("__proto__", "x");
      response.setHeader("Retry-After", "120");
      response.end();
    });
    const { port } = await listen(t, server);
    const { headers } = responseOf(await openEgress(t).send(request(port)));
    assert.equal(headers["x-mixed"], "a, b");
    assert.equal(headers["retry-after"], "120");
    assert.equal(Object.getPrototypeOf(headers), Object.prototype);
  });

  test("can be preceded by interim responses", async (t) => {
    const server = http.createServer((_incoming, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: "</a.css>; rel=preload" });
      response.writeHead(201).end("done");
    });
    const { port } = await listen(t, server);
    const response = responseOf(await openEgress(t).send(request(port)));
    assert.equal(response.status, 201);
    assert.equal(response.body, "done");
    assert.equal(response.headers["link"], undefined);
  });

  test("keeps 16 KiB of its body and lets the connection be reused", async (t) => {
    const server = http.createServer((incoming, response) => {
      response.end("x".repeat(Number(incoming.url?.slice(1))));
    });
    const { port, connections } = await listen(t, server);
    const egress = openEgress(t);

    const whole = responseOf(await egress.send(request(port, `/${16 * 1024}`)));
    assert.equal(whole.body.length, 16 * 1024);
    assert.equal(whole.truncated, false);

    const longer = responseOf(await egress.send(request(port, `/${16 * 1024 + 1}`)));
    assert.equal(longer.body.length, 16 * 1024);
    assert.equal(longer.truncated, true);

    assert.equal(responseOf(await egress.send(request(port, `/${64 * 1024}`))).truncated, true);
    assert.equal(connections(), 1);
  });

  test("without end is cut off at 64 KiB, and its connection closed", async (t) => {
    let written = 0;
    const server = http.createServer((_incoming, response) => {
      const chunk = Buffer.alloc(16 * 1024, "x");
      const write = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
        written += chunk.length;
      };
      response.on("drain", write);
      write();
    });
    const receiver = await listen(t, server);
    const response = responseOf(await openEgress(t).send(request(receiver.port)));
    assert.equal(response.status, 200);
    assert.equal(response.body.length, 16 * 1024);
    assert.equal(response.truncated, true);
    await until(() => receiver.open() === 0, "the connection is closed");
    assert.ok(written < 64 * 1024 * 1024, `${written} bytes were taken`);
  });

  test("that is not UTF-8 is decoded with replacements", async (t) => {
    const server = http.createServer((_incoming, response) => response.end(Buffer.from([0x61, 0xff, 0x62])));
    const { port } = await listen(t, server);
    assert.equal(responseOf(await openEgress(t).send(request(port))).body, "a\ufffdb");
  });
});

suite("a connection", () => {
  test("is kept alive, and a request on it has no dns, connect or tls time", async (t) => {
    const { port, connections } = await listen(
      t,
      http.createServer((_incoming, response) => response.end()),
    );
    const egress = openEgress(t);
    const first = await egress.send(request(port));
    assert.ok(first.timings.connect !== null);
    for (let n = 0; n < 5; n += 1) {
      const again = await egress.send(request(port));
      responseOf(again);
      assert.deepEqual(
        { ...again.timings, sent: 0, first_byte: 0, total: 0 },
        { dns: null, connect: null, tls: null, sent: 0, first_byte: 0, total: 0 },
      );
      assert.ok(again.timings.first_byte !== null);
    }
    assert.equal(connections(), 1);
  });

  test("serves one request at a time, so concurrent requests each open one", async (t) => {
    let waiting: http.ServerResponse[] = [];
    const server = http.createServer((_incoming, response) => {
      waiting.push(response);
      if (waiting.length < 8) return;
      for (const each of waiting) each.end();
      waiting = [];
    });
    const { port, connections } = await listen(t, server);
    const egress = openEgress(t);
    for (let round = 0; round < 3; round += 1) {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => egress.send(request(port))));
      outcomes.forEach(responseOf);
    }
    assert.equal(connections(), 8);
  });

  test("closed by the receiver after a response is replaced", async (t) => {
    const server = http.createServer((_incoming, response) => {
      response.setHeader("connection", "close").end("bye");
    });
    const { port, connections } = await listen(t, server);
    const egress = openEgress(t);
    for (let n = 0; n < 3; n += 1) assert.equal(responseOf(await egress.send(request(port))).body, "bye");
    assert.equal(connections(), 3);
  });

  test("closed while idle is not reused", async (t) => {
    const server = http.createServer((_incoming, response) => response.end());
    const receiver = await listen(t, server);
    const egress = openEgress(t);
    responseOf(await egress.send(request(receiver.port)));
    server.closeIdleConnections();
    await until(() => receiver.open() === 0, "the idle connection is closed");
    const outcome = await egress.send(request(receiver.port));
    responseOf(outcome);
    assert.ok(outcome.timings.connect !== null);
    assert.equal(receiver.connections(), 2);
  });
});

suite("close", () => {
  test("ends idle connections immediately and requests in progress as interrupted", async (t) => {
    const server = http.createServer((incoming, response) => {
      if (incoming.url === "/answer") response.end();
    });
    const receiver = await listen(t, server);
    const egress = openEgress(t);
    responseOf(await egress.send(request(receiver.port, "/answer")));
    const hanging = [egress.send(request(receiver.port, "/1")), egress.send(request(receiver.port, "/2"))];
    await until(() => receiver.open() === 2, "both requests are connected");

    await egress.close();

    for (const outcome of await Promise.all([...hanging, egress.send(request(receiver.port, "/answer"))])) {
      assert.ok(outcome.kind === "failure");
      assert.equal(outcome.failure.code, "interrupted");
    }
    await until(() => receiver.open() === 0, "every connection is closed");
    assert.equal(receiver.connections(), 2);
  });
});
