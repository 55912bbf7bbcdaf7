import assert from "node:assert/strict";
import https from "node:https";
import net from "node:net";
import { suite, type TestContext, test } from "node:test";
import tls from "node:tls";
import {
  createAuthority,
  createSelfSigned,
  type ServerCertificate,
} from "../../test/support/certificates.ts";
import { listen, type Receiver } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import { until } from "../../test/support/until.ts";
import type { Outcome, SendFailure } from "../domain/outcome.ts";
import type { Egress } from "./egress.ts";

const NAME = "hooks.test";

const authority = await createAuthority();
const otherAuthority = await createAuthority("Unknown root");
tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority.cert]);

async function startServer(
  t: TestContext,
  certificate: ServerCertificate,
  options: https.ServerOptions = {},
): Promise<Receiver & { readonly serverNames: (string | null)[] }> {
  const serverNames: (string | null)[] = [];
  const server = https.createServer({ ...certificate, ...options }, (_incoming, response) =>
    response.end("ok"),
  );
  server.on("secureConnection", (socket: tls.TLSSocket) => serverNames.push(socket.servername || null));
  return { ...(await listen(t, server)), serverNames };
}

function toLoopback(t: TestContext, options: Parameters<typeof openEgress>[1] = {}): Egress {
  return openEgress(t, { resolve: async () => ["127.0.0.1"], ...options });
}

function post(egress: Egress, port: number, host = NAME): Promise<Outcome> {
  return egress.send({ url: new URL(`https://${host}:${port}/hook`), headers: {}, body: "{}" });
}

async function failing(egress: Egress, port: number, host = NAME): Promise<SendFailure> {
  const outcome = await post(egress, port, host);
  assert.ok(outcome.kind === "failure", JSON.stringify(outcome));
  return outcome.failure;
}

suite("over TLS", () => {
  test("a request is sent to the verified name, with that name as SNI", async (t) => {
    const server = await startServer(t, await authority.issue({ names: [NAME] }));
    const egress = toLoopback(t);
    const outcome = await post(egress, server.port);
    assert.ok(outcome.kind === "response", JSON.stringify(outcome));
    assert.equal(outcome.response.body, "ok");
    assert.ok(
      outcome.timings.tls !== null && outcome.timings.connect !== null && outcome.timings.dns !== null,
    );
    assert.deepEqual(server.serverNames, [NAME]);

    const again = await post(egress, server.port);
    assert.deepEqual([again.kind, again.timings.tls, server.connections()], ["response", null, 1]);
  });

  test("a trailing dot of the name is neither in SNI nor in the certificate", async (t) => {
    const server = await startServer(t, await authority.issue({ names: [NAME] }));
    assert.equal((await post(toLoopback(t), server.port, `${NAME}.`)).kind, "response");
    assert.deepEqual(server.serverNames, [NAME]);
  });

  test("an address is verified as an address and sent without SNI", async (t) => {
    const certificate = await authority.issue({ names: [NAME], addresses: ["127.0.0.1", "::1"] });
    const server = await startServer(t, certificate);
    assert.equal((await post(toLoopback(t), server.port, "127.0.0.1")).kind, "response");
    assert.deepEqual(server.serverNames, [null]);
  });

  test("a chain with its intermediate is accepted", async (t) => {
    const server = await startServer(t, await authority.issueBelow({ isSent: true }, { names: [NAME] }));
    assert.equal((await post(toLoopback(t), server.port)).kind, "response");
  });
});

suite("TLS fails", () => {
  const CERTIFICATES: readonly (readonly [string, () => Promise<ServerCertificate>, SendFailure])[] = [
    [
      "for a certificate that has expired",
      () => authority.issue({ names: [NAME], validDays: [-9, -2] }),
      { code: "tls_expired", stage: "tls", detail: "CERT_HAS_EXPIRED" },
    ],
    [
      "for a certificate that is not valid yet",
      () => authority.issue({ names: [NAME], validDays: [2, 9] }),
      { code: "tls_not_yet_valid", stage: "tls", detail: "CERT_NOT_YET_VALID" },
    ],
    [
      "for a certificate of another name",
      () => authority.issue({ names: ["other.test"] }),
      { code: "tls_wrong_name", stage: "tls", detail: "ERR_TLS_CERT_ALTNAME_INVALID" },
    ],
    [
      "for a self-signed certificate",
      () => createSelfSigned(NAME),
      { code: "tls_self_signed", stage: "tls", detail: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    ],
    [
      "for a chain without its intermediate",
      () => authority.issueBelow({ isSent: false }, { names: [NAME] }),
      { code: "tls_incomplete_chain", stage: "tls", detail: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
    ],
    [
      "for a chain of an unknown authority",
      () => otherAuthority.issueBelow({ isSent: true }, { names: [NAME] }),
      { code: "tls_unknown_ca", stage: "tls", detail: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" },
    ],
    [
      "for a chain that brings its own authority",
      async () => {
        const leaf = await otherAuthority.issue({ names: [NAME] });
        return { ...leaf, cert: `${leaf.cert}\n${otherAuthority.cert}` };
      },
      { code: "tls_unknown_ca", stage: "tls", detail: "SELF_SIGNED_CERT_IN_CHAIN" },
    ],
  ];

  for (const [name, issue, expected] of CERTIFICATES) {
    test(name, async (t) => {
      let requests = 0;
      const server = https.createServer(await issue(), (_incoming, response) => {
        requests += 1;
        response.end();
      });
      const receiver = await listen(t, server);
      assert.deepEqual(await failing(toLoopback(t), receiver.port), expected);
      await until(() => receiver.open() === 0, "the connection is closed");
      assert.equal(requests, 0);
    });
  }

  test("for a certificate of a private authority, while only public ones are trusted", async (t) => {
    const trusted = tls.getCACertificates("default");
    tls.setDefaultCACertificates(tls.getCACertificates("bundled"));
    t.after(() => tls.setDefaultCACertificates(trusted));
    const server = await startServer(t, await authority.issue({ names: [NAME] }));
    assert.deepEqual(await failing(toLoopback(t), server.port), {
      code: "tls_unknown_ca",
      stage: "tls",
      detail: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    });
  });

  test("for an address that its certificate does not contain", async (t) => {
    const server = await startServer(t, await authority.issue({ names: [NAME, "127.0.0.1"] }));
    assert.equal((await failing(toLoopback(t), server.port, "127.0.0.1")).code, "tls_wrong_name");
  });

  test("if no TLS version is supported by both sides", async (t) => {
    const certificate = await authority.issue({ names: [NAME] });
    const server = await startServer(t, certificate, { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" });
    const failure = await failing(toLoopback(t), server.port);
    assert.deepEqual([failure.code, failure.stage], ["tls_failed", "tls"]);
  });

  test("if the receiver speaks plain HTTP", async (t) => {
    const server = net.createServer((socket) =>
      socket.on("data", () => socket.end("HTTP/1.1 400 Bad\r\n\r\n")),
    );
    const { port } = await listen(t, server);
    const failure = await failing(toLoopback(t), port);
    assert.deepEqual([failure.code, failure.stage], ["tls_failed", "tls"]);
  });

  test("if the receiver requires a client certificate", async (t) => {
    const certificate = await authority.issue({ names: [NAME] });
    const server = await startServer(t, certificate, {
      requestCert: true,
      rejectUnauthorized: true,
      // TLS 1.3 asks after the handshake, where the alert and the reset that follows race each other.
      maxVersion: "TLSv1.2",
    });
    const failure = await failing(toLoopback(t), server.port);
    assert.deepEqual([failure.code, failure.stage], ["tls_failed", "tls"]);
  });

  test("if the receiver closes or resets during the handshake", async (t) => {
    const closing = net.createServer((socket) => socket.on("data", () => socket.end()));
    const resetting = net.createServer((socket) => socket.on("data", () => socket.resetAndDestroy()));
    const egress = toLoopback(t);
    for (const server of [closing, resetting]) {
      const { port } = await listen(t, server);
      const failure = await failing(egress, port);
      assert.deepEqual([failure.code, failure.stage], ["connection_reset", "tls"]);
    }
  });

  test("if the handshake exceeds the connect timeout", async (t) => {
    const receiver = await listen(
      t,
      net.createServer((socket) => socket.resume()),
    );
    const outcome = await post(toLoopback(t, { connectTimeoutMs: 150 }), receiver.port);
    assert.ok(outcome.kind === "failure");
    assert.deepEqual(outcome.failure, { code: "timeout", stage: "tls" });
    assert.ok(outcome.timings.connect !== null && (outcome.timings.tls ?? 0) > 100);
    assert.equal(outcome.timings.first_byte, null);
    await until(() => receiver.open() === 0, "the connection is closed");
  });

  test("if the handshake exceeds the timeout of the whole request", async (t) => {
    const receiver = await listen(
      t,
      net.createServer((socket) => socket.resume()),
    );
    const failure = await failing(toLoopback(t, { deadlineMs: 150 }), receiver.port);
    assert.deepEqual(failure, { code: "timeout", stage: "tls" });
    await until(() => receiver.open() === 0, "the connection is closed");
  });

  test("for one name only: other names at the same address are not affected", async (t) => {
    const server = await startServer(t, await authority.issue({ names: [NAME] }));
    const egress = toLoopback(t);
    assert.equal((await failing(egress, server.port, "other.test")).code, "tls_wrong_name");
    assert.equal((await post(egress, server.port)).kind, "response");
  });
});

suite("after the handshake", () => {
  test("a reset during the response is reported", async (t) => {
    const certificate = await authority.issue({ names: [NAME] });
    const server = tls.createServer(certificate, (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", () => socket.destroy());
      });
    });
    const { port } = await listen(t, server);
    const failure = await failing(toLoopback(t), port);
    assert.deepEqual([failure.code, failure.stage], ["connection_reset", "body"]);
  });
});
