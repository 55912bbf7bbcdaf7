import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { failureOf } from "./failure-of.ts";
import { SendError } from "./send-error.ts";

function coded(code: string): Error {
  return Object.assign(new Error("https://user:s3cr3t@example.com/token"), { code });
}

suite("a failure", () => {
  const ROWS = [
    ["dns", "ENOTFOUND", "dns_not_found"],
    ["dns", "EAI_AGAIN", "dns_failed"],
    ["dns", "ETIMEOUT", "dns_timeout"],
    ["connect", "ECONNREFUSED", "connection_refused"],
    ["connect", "EHOSTUNREACH", "unreachable"],
    ["connect", "ENETUNREACH", "unreachable"],
    ["connect", "EADDRNOTAVAIL", "unreachable"],
    ["connect", "EPERM", "unreachable"],
    ["connect", "ETIMEDOUT", "timeout"],
    ["connect", "ECONNRESET", "connection_reset"],
    ["tls", "CERT_REVOKED", "tls_failed"],
    ["tls", "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "tls_failed"],
    ["tls", "UNABLE_TO_GET_ISSUER_CERT", "tls_unknown_ca"],
    ["first_byte", "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls_failed"],
    ["first_byte", "EPIPE", "connection_reset"],
    ["body", "ECONNRESET", "connection_reset"],
  ] as const;

  for (const [stage, cause, code] of ROWS) {
    test(`with ${cause} at ${stage} is ${code}`, () => {
      assert.deepEqual(failureOf(coded(cause), stage), { code, stage, detail: cause });
    });
  }

  test("of several addresses is reported by its most telling error", () => {
    const of = (...codes: string[]) => failureOf(new AggregateError(codes.map(coded)), "connect")?.code;
    assert.equal(of("ENETUNREACH", "ECONNREFUSED"), "connection_refused");
    assert.equal(of("ENETUNREACH", "ETIMEDOUT"), "timeout");
    assert.equal(of("EHOSTUNREACH", "ENETUNREACH"), "unreachable");
  });

  test("decided by OpenSend keeps its code and its public detail", () => {
    assert.deepEqual(failureOf(new SendError("proxy_failed", "HTTP 407"), "connect"), {
      code: "proxy_failed",
      stage: "connect",
      detail: "HTTP 407",
    });
  });

  test("is null for an error in the program", () => {
    assert.equal(failureOf(new TypeError("undefined is not a function"), "body"), null);
  });
});
