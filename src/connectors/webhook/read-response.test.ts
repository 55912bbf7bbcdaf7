import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Outcome, SEND_FAILURE_CODES } from "../../domain/outcome.ts";
import { readResponse } from "./read-response.ts";

const NOW = Date.parse("2026-06-06T00:00:00.000Z");
const timings = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 1 };

function read(status: number, statusText = "", headers: Record<string, string> = {}) {
  const response = { status, statusText, headers, body: "", truncated: false };
  return readResponse({ kind: "response", response, timings }, NOW);
}

suite("an outcome reads as", () => {
  for (const status of [200, 201, 202, 204, 299]) {
    test(`delivered when the response is ${status}, whatever else it says`, () => {
      const reading = read(status, "Internal Server Error", { "retry-after": "60", location: "/" });
      assert.deepEqual(reading, { ok: true, error: null, retryAfterSeconds: null });
    });
  }

  for (const status of [300, 301, 302, 303, 304, 307, 308, 399]) {
    test(`a redirect that was not followed when the response is ${status}`, () => {
      assert.deepEqual(read(status, "Found", { location: "https://example.com/s3cr3t" }), {
        ok: false,
        error: {
          code: "redirect",
          message: `The receiver redirected (${status}). Redirects are not followed.`,
        },
        retryAfterSeconds: null,
      });
    });
  }

  for (const status of [199, 400, 401, 404, 410, 429, 500, 503, 599]) {
    test(`an error by status when the response is ${status}`, () => {
      assert.deepEqual(read(status, "Some Words"), {
        ok: false,
        error: { code: "http_status", message: `The receiver responded with ${status} Some Words.` },
        retryAfterSeconds: null,
      });
    });
  }

  test("an error by the bare status when the response has no reason phrase, as in HTTP/2", () => {
    assert.equal(read(500).error?.message, "The receiver responded with 500.");
  });

  const WAITS: readonly [status: number, header: string, seconds: number | null][] = [
    [429, "120", 120],
    [503, "Sat, 06 Jun 2026 00:01:30 GMT", 90],
    [429, "Fri, 05 Jun 2026 00:00:00 GMT", 0],
    [429, "soon", null],
    [302, "7", 7],
  ];
  for (const [status, header, seconds] of WAITS) {
    test(`${seconds} s to wait when a ${status} says Retry-After: ${header}`, () => {
      assert.equal(read(status, "", { "retry-after": header }).retryAfterSeconds, seconds);
    });
  }

  for (const code of SEND_FAILURE_CODES) {
    test(`${code} when that is why there was no response`, () => {
      const failure = { code, stage: "connect", detail: "s3cr3t" } as const;
      const outcome: Outcome = { kind: "failure", failure, timings };
      const reading = readResponse(outcome, NOW);
      assert.equal(reading.ok, false);
      assert.equal(reading.error?.code, code);
      assert.match(reading.error?.message ?? "", /^[A-Z].*\.$/);
      assert.doesNotMatch(reading.error?.message ?? "", /s3cr3t/);
      assert.equal(reading.retryAfterSeconds, null);
    });
  }
});
