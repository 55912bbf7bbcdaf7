import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { suite, type TestContext, test } from "node:test";
import tls from "node:tls";
import { createAuthority, createSelfSigned } from "../../test/support/certificates.ts";
import { listen, type Receiver } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { SendFailure } from "../domain/outcome.ts";
import type { Egress } from "./egress.ts";

const NAME = "hooks.test";
const WORKSPACE = "ws_1";

const authority = await createAuthority();
tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority.cert]);

type Tunnel = { readonly authority: string | undefined; readonly authorization: string | undefined };

/** A forward proxy for CONNECT that resolves every name to 127.0.0.1 and records its tunnels. */
async function startProxy(t: TestContext, server: http.Server = http.createServer()) {
  const tunnels: Tunnel[] = [];
  server.on("connect", (incoming, client: net.Socket) => {
    tunnels.push({ authority: incoming.url, authorization: incoming.headers["proxy-authorization"] });
    const port = Number(incoming.url?.split(":").at(-1));
    const target = net.connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    target.on("error", () => client.destroy());
    client.on("error", () => target.destroy());
    client.on("close", () => target.destroy());
  });
  return { ...(await listen(t, server)), tunnels };
}

/** A proxy with a fixed response to every CONNECT. */
function startAnswering(t: TestContext, response: string): Promise<Receiver> {
  return listen(
    t,
    net.createServer((socket) => socket.once("data", () => socket.write(response))),
  );
}

function through(t: TestContext, port: number, options: Parameters<typeof openEgress>[1] = {}): Egress {
  const resolve = async () => assert.fail("A name was resolved here and not by the proxy.");
  return openEgress(t, { proxyUrl: `http://127.0.0.1:${port}`, resolve, ...options });
}

async function failing(egress: Egress, url: string): Promise<SendFailure> {
  const outcome = await egress.send({ url: new URL(url), headers: {}, body: "{}" });
  assert.ok(outcome.kind === "failure", JSON.stringify(outcome));
  return outcome.failure;
}

suite("through a proxy", () => {
  test("https is tunneled to the name, verified end to end, and kept alive", async (t) => {
    const certificate = await authority.issue({ names: [NAME] });
    const target = await listen(
      t,
      https.createServer(certificate, (_incoming, response) => response.end("in")),
    );
    const proxy = await startProxy(t);
    const egress = through(t, proxy.port);
    const url = new URL(`https://${NAME}:${target.port}/hook`);
    for (let n = 0; n < 3; n += 1) {
      const outcome = await egress.send({ url, headers: {}, body: "{}" });
      assert.ok(outcome.kind === "response");
      assert.equal(outcome.response.body, "in");
      assert.equal(outcome.timings.dns, null);
    }
    assert.deepEqual(proxy.tunnels, [{ authority: `${NAME}:${target.port}`, authorization: undefined }]);
  });

  test("plain http is tunneled too", async (t) => {
    const target = await listen(
      t,
      http.createServer((incoming, response) => response.end(incoming.headers["host"])),
    );
    const proxy = await startProxy(t);
    const url = new URL(`http://127.0.0.1:${target.port}/`);
    const outcome = await through(t, proxy.port).send({ url, headers: {}, body: "{}" });
    assert.ok(outcome.kind === "response");
    assert.equal(outcome.response.body, `127.0.0.1:${target.port}`);
    assert.deepEqual(proxy.tunnels, [{ authority: `127.0.0.1:${target.port}`, authorization: undefined }]);
  });

  test("the proxy gets its credentials, and the receiver does not", async (t) => {
    const target = await listen(
      t,
      http.createServer((incoming, response) => response.end(JSON.stringify(incoming.headers))),
    );
    const proxy = await startProxy(t);
    const egress = openEgress(t, { proxyUrl: `http://us%40er:p%3Ass@127.0.0.1:${proxy.port}/` });
    const url = new URL(`http://127.0.0.1:${target.port}/`);
    const outcome = await egress.send({ url, headers: {}, body: "{}" });
    assert.ok(outcome.kind === "response");
    assert.doesNotMatch(outcome.response.body, /proxy/i);
    const expected = `Basic ${Buffer.from("us@er:p:ss").toString("base64")}`;
    assert.equal(proxy.tunnels[0]?.authorization, expected);
  });

  test("that speaks TLS itself, both connections are encrypted", async (t) => {
    const proxyCertificate = await authority.issue({ names: ["localhost"], addresses: ["127.0.0.1"] });
    const proxy = await startProxy(t, https.createServer(proxyCertificate));
    const certificate = await authority.issue({ names: [NAME] });
    const target = await listen(
      t,
      https.createServer(certificate, (_incoming, response) => response.end("in")),
    );
    const egress = through(t, proxy.port, { proxyUrl: `https://127.0.0.1:${proxy.port}` });
    const url = new URL(`https://${NAME}:${target.port}/`);
    const outcome = await egress.send({ url, headers: {}, body: "{}" });
    assert.equal(outcome.kind, "response", JSON.stringify(outcome));
    assert.equal(proxy.tunnels.length, 1);
  });

  test("a receiver's bad certificate is still detected", async (t) => {
    const target = await listen(t, https.createServer(await createSelfSigned(NAME)));
    const proxy = await startProxy(t);
    const failure = await failing(through(t, proxy.port), `https://${NAME}:${target.port}/`);
    assert.deepEqual([failure.code, failure.stage], ["tls_self_signed", "tls"]);
  });

  test("private addresses, metadata names and open http are refused before the proxy is called", async (t) => {
    const proxy = await startProxy(t);
    const egress = through(t, proxy.port, { allowLoopback: false });
    for (const [url, code] of [
      ["https://10.0.0.1/", "blocked_address"],
      ["https://[::1]/", "blocked_address"],
      ["https://localhost/", "blocked_address"],
      ["https://metadata.google.internal/", "blocked_address"],
      ["http://8.8.8.8/", "blocked_url"],
      [`http://${NAME}/`, "blocked_url"],
    ] as const) {
      assert.equal((await failing(egress, url)).code, code);
      assert.equal((await egress.checkUrl(url, WORKSPACE)).allowed, false);
    }
    assert.equal(proxy.connections(), 0);
  });

  test("a name is saved without being resolved here", async (t) => {
    const proxy = await startProxy(t);
    assert.equal((await through(t, proxy.port).checkUrl(`https://${NAME}/`, WORKSPACE)).allowed, true);
    assert.equal(proxy.connections(), 0);
  });
});

suite("an outbound proxy fails", () => {
  test("if it refuses the tunnel", async (t) => {
    for (const status of [403, 407, 502]) {
      const proxy = await startAnswering(t, `HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      assert.deepEqual(await failing(through(t, proxy.port), `https://${NAME}/`), {
        code: "proxy_failed",
        stage: "connect",
        detail: `HTTP ${status}`,
      });
      await until(() => proxy.open() === 0, "the connection is closed");
    }
  });

  test("if it is down, closes the connection, or is not a proxy", async (t) => {
    const closed = net.createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as net.AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const closing = await listen(
      t,
      net.createServer((socket) => socket.once("data", () => socket.end())),
    );
    const other = await startAnswering(t, "220 mail.example.com ESMTP\r\n");
    const early = await startAnswering(t, "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    for (const proxyPort of [port, closing.port, other.port, early.port]) {
      const failure = await failing(through(t, proxyPort), `https://${NAME}/`);
      assert.deepEqual([failure.code, failure.stage], ["proxy_failed", "connect"]);
    }
  });

  test("if it sends blank lines without end", async (t) => {
    let written = 0;
    const piece = Buffer.from("\r\n".repeat(8_000));
    const proxy = await listen(
      t,
      net.createServer((socket) => {
        const next = () => {
          if (socket.destroyed) return;
          socket.write(piece, (error) => {
            if (error) return;
            written += piece.length;
            setImmediate(next);
          });
        };
        socket.once("data", next);
      }),
    );
    const failure = await failing(through(t, proxy.port), `https://${NAME}/`);
    assert.deepEqual([failure.code, failure.stage], ["proxy_failed", "connect"]);
    assert.match(failure.detail ?? "", /at most 64 KiB/);
    await until(() => proxy.open() === 0, "the connection is closed");
    assert.ok(written < 1024 * 1024, `${written} bytes were written`);
  });

  test("if it does not respond in time", async (t) => {
    const proxy = await listen(
      t,
      net.createServer((socket) => socket.resume()),
    );
    const egress = through(t, proxy.port, { connectTimeoutMs: 150 });
    assert.deepEqual(await failing(egress, `https://${NAME}/`), { code: "timeout", stage: "connect" });
    await until(() => proxy.open() === 0, "the connection is closed");
  });

  test("to be configured if its URL is invalid, without repeating the URL", (t) => {
    for (const proxyUrl of ["socks5://user:s3cr3t@proxy:1080", "s3cr3t"]) {
      assert.throws(
        () => openEgress(t, { proxyUrl }),
        (error: Error) => !error.message.includes("s3cr3t"),
      );
    }
  });
});
