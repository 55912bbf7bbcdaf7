import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net, { type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import tls from "node:tls";
import { createAuthority } from "../../test/support/certificates.ts";
import { listen } from "../../test/support/listen.ts";
import { needs } from "../../test/support/needs.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import { faultOf } from "../domain/fault-of.ts";
import type { Outcome } from "../domain/outcome.ts";

const NAME = "hooks.test";
/**
 * The buffers of two sockets, and the bytes in transit when the connection closes; without a limit, all bytes are
 * written.
 */
const WRITTEN_BYTES_MAX = 1024 * 1024;
const OFFERED_BYTES = 64 * 1024 * 1024;

const authority = await createAuthority();
const certificate = await authority.issue({ names: [NAME] });
tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority.cert]);

type Flood = { readonly head: string; readonly repeated: string };

const OK = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const FLOODS: readonly (readonly [name: string, flood: Flood, isAnswered: boolean])[] = [
  ["a chunk extension without end", { head: `${OK}5\r\nhello\r\n1;x=`, repeated: "y" }, true],
  ["chunks of one byte with long extensions", { head: OK, repeated: `1;${"y".repeat(500)}\r\nz\r\n` }, true],
  ["trailers without end", { head: `${OK}0\r\n`, repeated: "x: y\r\n" }, true],
  ["interim responses without end", { head: "", repeated: "HTTP/1.1 103 Early Hints\r\n\r\n" }, false],
  ["blank lines before the status line", { head: "", repeated: "\r\n" }, false],
  ["one header without end", { head: "HTTP/1.1 200 OK\r\nx: ", repeated: "y" }, false],
  ["headers without end", { head: "HTTP/1.1 200 OK\r\n", repeated: "x: y\r\n" }, false],
];

/** Floods in response to the n-th request on each connection, and responds normally to earlier ones. */
async function startFlooding(t: TestContext, isSecure: boolean, flood: Flood, nth = 1) {
  let written = 0;
  const serve = (socket: Socket) => {
    let requests = 0;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      requests += 1;
      if (requests < nth) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      else if (requests === nth)
        pour(socket, flood, (bytes) => {
          written += bytes;
        });
    });
  };
  const server = isSecure ? tls.createServer(certificate, serve) : net.createServer(serve);
  const receiver = await listen(t, server);
  return { ...receiver, written: () => written };
}

/** Writes no faster than the client reads, up to `OFFERED_BYTES`. */
function pour(socket: Socket, { head, repeated }: Flood, onWritten: (bytes: number) => void): void {
  const piece = Buffer.from(repeated.repeat(Math.ceil((16 * 1024) / repeated.length)));
  let offered = 0;
  const next = () => {
    if (socket.destroyed || offered >= OFFERED_BYTES) return;
    offered += piece.length;
    socket.write(piece, (error) => {
      if (error) return;
      onWritten(piece.length);
      setImmediate(next);
    });
  };
  socket.write(head, next);
}

function post(t: TestContext, port: number, isSecure: boolean): () => Promise<Outcome> {
  const egress = openEgress(t, { resolve: async () => ["127.0.0.1"] });
  const url = new URL(`${isSecure ? "https" : "http"}://${NAME}:${port}/`);
  return () => egress.send({ url, headers: {}, body: "{}" });
}

function assertCut(outcome: Outcome, isAnswered: boolean): void {
  if (isAnswered) {
    assert.ok(outcome.kind === "response", JSON.stringify(outcome));
    assert.deepEqual([outcome.response.status, outcome.response.truncated], [200, true]);
    return;
  }
  assert.ok(outcome.kind === "failure", JSON.stringify(outcome));
  assert.deepEqual([outcome.failure.code, outcome.failure.stage], ["response_too_large", "first_byte"]);
  assert.match(outcome.failure.detail ?? "", /^OpenSend reads at most \d+ KiB of headers/);
  assert.equal(faultOf(outcome), "receiver");
}

for (const isSecure of [false, true]) {
  suite(`over ${isSecure ? "https" : "http"}, a receiver that sends`, () => {
    for (const [name, flood, isAnswered] of FLOODS) {
      test(`${name} is cut off ${isAnswered ? "after its response" : "without a response"}`, async (t) => {
        const receiver = await startFlooding(t, isSecure, flood);
        assertCut(await post(t, receiver.port, isSecure)(), isAnswered);
        await until(() => receiver.open() === 0, "the connection is closed");
        assert.ok(receiver.written() < WRITTEN_BYTES_MAX, `${receiver.written()} bytes were written`);
      });
    }

    test("a flood after ordinary responses on the same connection is cut off too", async (t) => {
      const flood = { head: "", repeated: "\r\n" };
      const receiver = await startFlooding(t, isSecure, flood, 3);
      const send = post(t, receiver.port, isSecure);
      assert.equal((await send()).kind, "response");
      assert.equal((await send()).kind, "response");
      assertCut(await send(), false);
      await until(() => receiver.open() === 0, "the connection is closed");
      assert.equal(receiver.connections(), 1);
      assert.ok(receiver.written() < WRITTEN_BYTES_MAX, `${receiver.written()} bytes were written`);
    });

    test("blank lines after its response gets no further request on that connection", async (t) => {
      const flood = {
        head: "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nkeep-alive: timeout=60\r\ncontent-length: 0\r\n\r\n",
        repeated: "\r\n",
      };
      const receiver = await startFlooding(t, isSecure, flood);
      const outcome = await post(t, receiver.port, isSecure)();
      assert.ok(outcome.kind === "response");
      await until(() => receiver.open() === 0, "the connection is closed");
      assert.ok(receiver.written() < WRITTEN_BYTES_MAX, `${receiver.written()} bytes were written`);
    });
  });
}

suite("a TLS server that sends session tickets without end", { skip: needs("openssl") }, () => {
  test("is cut off", async (t) => {
    const dir = mkdtempSync(join(tmpdir(), "opensend-tls-"));
    t.after(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, "cert.pem"), certificate.cert);
    writeFileSync(join(dir, "key.pem"), certificate.key);
    const options = ["-cert", join(dir, "cert.pem"), "-key", join(dir, "key.pem"), "-num_tickets", "1000000"];
    const server = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", ...options]);
    t.after(() => server.kill("SIGKILL"));
    let output = "";
    server.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const findPort = () => /^ACCEPT .*:(\d+)$/m.exec(output)?.[1];
    await until(() => findPort() !== undefined, "the server listens");
    const outcome = await post(t, Number(findPort()), true)();
    assert.ok(outcome.kind === "failure");
    assert.equal(outcome.failure.code, "response_too_large");
    assert.match(outcome.failure.detail ?? "", /^OpenSend reads at most 100 TLS session tickets/);
  });
});

suite("an ordinary response", () => {
  test("can be one of many on a connection that exceed the limit in total", async (t) => {
    const body = "x".repeat(60 * 1024);
    const server = net.createServer((socket) => {
      socket.on("data", () =>
        socket.write(
          `HTTP/1.1 200 OK\r\nx: ${"y".repeat(8_000)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        ),
      );
    });
    const receiver = await listen(t, server);
    const send = post(t, receiver.port, false);
    for (let n = 0; n < 20; n += 1) assert.equal((await send()).kind, "response");
    assert.equal(receiver.connections(), 1);
  });

  test("can arrive in many small chunks", async (t) => {
    const server = net.createServer((socket) => {
      socket.on("data", () => socket.write(`${OK}${"4\r\nabcd\r\n".repeat(4_000)}0\r\n\r\n`));
    });
    const receiver = await listen(t, server);
    const send = post(t, receiver.port, false);
    for (let n = 0; n < 3; n += 1) {
      const outcome = await send();
      assert.ok(outcome.kind === "response");
      assert.equal(outcome.response.body.length, 16_000);
      assert.equal(outcome.response.truncated, false);
    }
    assert.equal(receiver.connections(), 1);
  });
});
