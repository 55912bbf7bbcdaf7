import assert from "node:assert/strict";
import http from "node:http";
import net, { type Socket } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { listen, type Receiver } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { SendFailure } from "../domain/outcome.ts";
import type { Egress } from "./egress.ts";

async function failing(egress: Egress, port: number, host = "127.0.0.1"): Promise<SendFailure> {
  const url = new URL(`http://${host}:${port}/hook`);
  const outcome = await egress.send({ url, headers: {}, body: "{}" });
  assert.ok(outcome.kind === "failure", JSON.stringify(outcome));
  return outcome.failure;
}

/** A receiver that runs `react` once the request has arrived. */
function onRequest(t: TestContext, react: (socket: Socket) => void): Promise<Receiver> {
  return listen(
    t,
    net.createServer((socket) => {
      let received = "";
      socket.on("data", (chunk) => {
        received += chunk;
        if (received.endsWith("\r\n\r\n{}")) react(socket);
      });
    }),
  );
}

suite("time runs out", () => {
  const SHORT = { deadlineMs: 150 };

  test("while the name is being resolved", async (t) => {
    const egress = openEgress(t, { connectTimeoutMs: 100, resolve: () => new Promise(() => undefined) });
    assert.deepEqual(await failing(egress, 8080, "hooks.test"), { code: "dns_timeout", stage: "dns" });
  });

  test("for the whole request while the name is being resolved", async (t) => {
    const egress = openEgress(t, { ...SHORT, resolve: () => new Promise(() => undefined) });
    assert.deepEqual(await failing(egress, 8080, "hooks.test"), { code: "dns_timeout", stage: "dns" });
  });

  test("while the receiver does not respond", async (t) => {
    const receiver = await onRequest(t, () => undefined);
    const egress = openEgress(t, SHORT);
    const url = new URL(`http://127.0.0.1:${receiver.port}/`);
    const outcome = await egress.send({ url, headers: {}, body: "{}" });
    assert.ok(outcome.kind === "failure");
    assert.deepEqual(outcome.failure, { code: "timeout", stage: "first_byte" });
    assert.ok(outcome.timings.total >= 149 && (outcome.timings.first_byte ?? 0) > 100);
    await until(() => receiver.open() === 0, "the connection is closed");
  });

  test("while the head of the response trickles in", async (t) => {
    const receiver = await onRequest(t, (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const dribble = setInterval(() => socket.write("x: y\r\n"), 20);
      socket.on("close", () => clearInterval(dribble));
    });
    assert.deepEqual(await failing(openEgress(t, SHORT), receiver.port), {
      code: "timeout",
      stage: "first_byte",
    });
  });

  test("while only interim responses arrive", async (t) => {
    const receiver = await onRequest(t, (socket) => {
      socket.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n");
    });
    assert.deepEqual(await failing(openEgress(t, SHORT), receiver.port), {
      code: "timeout",
      stage: "first_byte",
    });
  });

  test("when the body never arrives", async (t) => {
    const receiver = await onRequest(t, (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
    });
    assert.deepEqual(await failing(openEgress(t, SHORT), receiver.port), { code: "timeout", stage: "body" });
    await until(() => receiver.open() === 0, "the connection is closed");
  });

  test("while the body trickles in", async (t) => {
    const receiver = await onRequest(t, (socket) => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const dribble = setInterval(() => socket.write("1\r\nx\r\n"), 20);
      socket.on("close", () => clearInterval(dribble));
    });
    assert.deepEqual(await failing(openEgress(t, SHORT), receiver.port), { code: "timeout", stage: "body" });
  });

  test("for one request only: the next one is sent and gets a response", async (t) => {
    let requests = 0;
    const { port } = await listen(
      t,
      http.createServer((_incoming, response) => {
        requests += 1;
        if (requests > 1) response.end();
      }),
    );
    const egress = openEgress(t, SHORT);
    assert.equal((await failing(egress, port)).code, "timeout");
    const url = new URL(`http://127.0.0.1:${port}/`);
    assert.equal((await egress.send({ url, headers: {}, body: "" })).kind, "response");
  });
});

suite("the receiver", () => {
  test("refuses the connection", async (t) => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(await failing(openEgress(t), port), {
      code: "connection_refused",
      stage: "connect",
      detail: "ECONNREFUSED",
    });
  });

  const ANSWERS: readonly (readonly [name: string, (socket: Socket) => void, SendFailure])[] = [
    [
      "closes before it responds",
      (socket) => socket.end(),
      { code: "connection_reset", stage: "first_byte" },
    ],
    [
      "resets before it responds",
      (socket) => socket.resetAndDestroy(),
      { code: "connection_reset", stage: "first_byte", detail: "ECONNRESET" },
    ],
    [
      "closes within the head of its response",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le"),
      { code: "connection_reset", stage: "first_byte" },
    ],
    [
      "closes within a body of known length",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
      { code: "connection_reset", stage: "body" },
    ],
    [
      "closes within a chunked body",
      (socket) => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf"),
      { code: "connection_reset", stage: "body" },
    ],
    [
      "closes within a chunked body, having announced that it would close afterwards",
      (socket) =>
        socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf"),
      { code: "connection_reset", stage: "body" },
    ],
    [
      "resets within a body of known length",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
        setTimeout(() => socket.resetAndDestroy(), 50);
      },
      { code: "connection_reset", stage: "body", detail: "ECONNRESET" },
    ],
  ];

  for (const [name, react, expected] of ANSWERS) {
    test(name, async (t) => {
      const receiver = await onRequest(t, react);
      assert.deepEqual(await failing(openEgress(t), receiver.port), expected);
      await until(() => receiver.open() === 0, "the connection is closed");
      assert.equal(receiver.connections(), 1);
    });
  }

  test("can end a body without a length by closing", async (t) => {
    const receiver = await onRequest(t, (socket) => socket.end("HTTP/1.0 200 OK\r\n\r\nall of it"));
    const url = new URL(`http://127.0.0.1:${receiver.port}/`);
    const outcome = await openEgress(t).send({ url, headers: {}, body: "{}" });
    assert.ok(outcome.kind === "response");
    assert.equal(outcome.response.body, "all of it");
  });
});

suite("the name", () => {
  const CODES = [
    ["ENOTFOUND", "dns_not_found"],
    ["ENODATA", "dns_not_found"],
    ["EAI_AGAIN", "dns_failed"],
    ["ESERVFAIL", "dns_failed"],
  ] as const;

  for (const [cause, code] of CODES) {
    test(`is ${code} after ${cause}`, async (t) => {
      const resolve = async () => {
        throw Object.assign(new Error("lookup failed"), { code: cause });
      };
      const failure = await failing(openEgress(t, { resolve }), 8080, "hooks.test");
      assert.deepEqual(failure, { code, stage: "dns", detail: cause });
    });
  }

  test("is dns_not_found when it has no address", async (t) => {
    const failure = await failing(openEgress(t, { resolve: async () => [] }), 8080, "hooks.test");
    assert.deepEqual(failure, { code: "dns_not_found", stage: "dns" });
  });
});
