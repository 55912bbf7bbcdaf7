import assert from "node:assert/strict";
import net, { type Socket } from "node:net";
import { suite, type TestContext, test } from "node:test";
import tls from "node:tls";
import { createAuthority } from "../../test/support/certificates.ts";
import { listen } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { AttemptStage, Outcome } from "../domain/outcome.ts";

const NAME = "hooks.test";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

const authority = await createAuthority();
const certificate = await authority.issue({ names: [NAME] });
tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority.cert]);

/** The numbers of the connection and of the request on it, both from 1. */
type Arrival = { readonly connection: number; readonly request: number };

/** Reacts to each request by its connection and its number. */
async function startReceiver(
  t: TestContext,
  react: (socket: Socket, arrival: Arrival) => void,
  isSecure = false,
) {
  const arrivals: Arrival[] = [];
  let connections = 0;
  const serve = (socket: Socket) => {
    connections += 1;
    const connection = connections;
    let request = 0;
    let received = "";
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += bytes;
      if (!received.endsWith("{}")) return;
      received = "";
      request += 1;
      arrivals.push({ connection, request });
      react(socket, { connection, request });
    });
  };
  const server = isSecure ? tls.createServer(certificate, serve) : net.createServer(serve);
  return { ...(await listen(t, server)), arrivals };
}

function sender(t: TestContext, port: number, isSecure = false, deadlineMs = 5_000) {
  const egress = openEgress(t, { resolve: async () => ["127.0.0.1"], deadlineMs });
  const url = new URL(`${isSecure ? "https" : "http"}://${NAME}:${port}/`);
  return (stages: AttemptStage[] = []): Promise<Outcome> =>
    egress.send({ url, headers: {}, body: "{}" }, undefined, (stage) => {
      if (stage !== stages.at(-1)) stages.push(stage);
    });
}

function statusOf(outcome: Outcome): number | string {
  return outcome.kind === "response" ? outcome.response.status : outcome.failure.code;
}

const ENDS: readonly (readonly [name: string, end: (socket: Socket) => void])[] = [
  ["closes", (socket) => socket.end()],
  ["destroys", (socket) => (socket instanceof tls.TLSSocket ? socket.destroy() : socket.resetAndDestroy())],
];

for (const isSecure of [false, true]) {
  suite(`a kept connection over ${isSecure ? "https" : "http"}`, () => {
    for (const [name, end] of ENDS) {
      test(`that the receiver ${name} instead of responding is replaced by a new one`, async (t) => {
        const react = (socket: Socket, { request }: Arrival) =>
          request === 1 ? socket.write(OK) : end(socket);
        const receiver = await startReceiver(t, react, isSecure);
        const send = sender(t, receiver.port, isSecure);
        assert.equal(statusOf(await send()), 200);
        const stages: AttemptStage[] = [];
        const second = await send(stages);
        assert.equal(statusOf(second), 200);
        assert.ok(second.timings.connect !== null && second.timings.first_byte !== null);
        assert.deepEqual(stages, [
          "first_byte",
          "dns",
          "connect",
          ...(isSecure ? ["tls"] : []),
          "first_byte",
          "body",
          "done",
        ]);
        assert.equal(receiver.connections(), 2);
      });
    }

    test("that replaced another serves later requests", async (t) => {
      const react = (socket: Socket, { connection, request }: Arrival) =>
        connection === 1 && request > 1 ? socket.end() : socket.write(OK);
      const receiver = await startReceiver(t, react, isSecure);
      const send = sender(t, receiver.port, isSecure);
      for (let n = 0; n < 4; n += 1) assert.equal(statusOf(await send()), 200);
      assert.equal(receiver.connections(), 2);
    });
  });
}

suite("an unused connection", () => {
  test("is closed before the receiver would close it", async (t) => {
    const react = (socket: Socket) =>
      socket.write("HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 2\r\n\r\nok");
    const receiver = await startReceiver(t, react);
    const send = sender(t, receiver.port);
    assert.equal(statusOf(await send()), 200);
    assert.equal(statusOf(await send()), 200);
    assert.equal(receiver.connections(), 1);
    const idleSince = performance.now();
    await until(() => receiver.open() === 0, "the connection is closed");
    assert.ok(performance.now() - idleSince < 2_000);
  });
});

suite("a request", () => {
  test("is resent on a new connection, not on another idle one that may be stale too", async (t) => {
    let waiting: Socket[] = [];
    const receiver = await startReceiver(t, (socket, { connection, request }) => {
      if (connection > 3) socket.write(OK);
      else if (request > 1) socket.resetAndDestroy();
      else waiting.push(socket);
      if (waiting.length < 3) return;
      for (const each of waiting) each.write(OK);
      waiting = [];
    });
    const send = sender(t, receiver.port);
    await Promise.all([send(), send(), send()]);
    assert.equal(receiver.connections(), 3);
    assert.equal(statusOf(await send()), 200);
    assert.deepEqual(receiver.arrivals.at(-1), { connection: 4, request: 1 });
    assert.equal(receiver.arrivals.length, 5);
  });

  test("that also fails on the new connection has failed", async (t) => {
    const receiver = await startReceiver(t, (socket, { connection }) => {
      if (connection === 1 && receiver.arrivals.length === 1) socket.write(OK);
      else socket.end();
    });
    const send = sender(t, receiver.port);
    assert.equal(statusOf(await send()), 200);
    assert.equal(statusOf(await send()), "connection_reset");
    assert.equal(receiver.arrivals.length, 3);
  });

  test("on a new connection is sent once", async (t) => {
    const receiver = await startReceiver(t, (socket) => socket.end());
    assert.equal(statusOf(await sender(t, receiver.port)()), "connection_reset");
    assert.equal(receiver.arrivals.length, 1);
  });

  const FIRST_BYTES = [
    ["of a status line", "HTTP/1.1 5"],
    ["of an interim response", "HTTP/1.1 100 Continue\r\n\r\n"],
    ["of a blank line", "\r\n"],
  ] as const;
  for (const [name, bytes] of FIRST_BYTES) {
    test(`is not resent once a byte ${name} has arrived`, async (t) => {
      const receiver = await startReceiver(t, (socket, { request }) => {
        if (request === 1) socket.write(OK);
        else socket.end(bytes);
      });
      const send = sender(t, receiver.port);
      assert.equal(statusOf(await send()), 200);
      assert.equal(statusOf(await send()), "connection_reset");
      assert.equal(receiver.arrivals.length, 2);
    });
  }

  test("keeps its deadline when it is resent", async (t) => {
    const receiver = await startReceiver(t, (socket, { connection, request }) => {
      if (connection > 1) return;
      if (request === 1) socket.write(OK);
      else setTimeout(() => socket.end(), 200);
    });
    const send = sender(t, receiver.port, false, 400);
    assert.equal(statusOf(await send()), 200);
    const second = await send();
    assert.equal(statusOf(second), "timeout");
    assert.ok(second.timings.total < 900, `${second.timings.total} ms`);
    assert.equal(receiver.arrivals.length, 3);
  });

  test("that got no byte is not resent when its time runs out", async (t) => {
    const receiver = await startReceiver(t, (socket, { request }) => {
      if (request === 1) socket.write(OK);
    });
    const send = sender(t, receiver.port, false, 200);
    assert.equal(statusOf(await send()), 200);
    assert.equal(statusOf(await send()), "timeout");
    assert.equal(receiver.arrivals.length, 2);
  });
});
