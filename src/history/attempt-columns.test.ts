import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildRequest } from "../connectors/webhook/build-request.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Outcome } from "../domain/outcome.ts";
import {
  packExplanation,
  packHeaders,
  packTimings,
  unpackExplanation,
  unpackHeaders,
  unpackTimings,
} from "./attempt-columns.ts";

const EVENT = "01a221f3-dcb7-77a5-9660-bd7eb333a50c";
const headersOf = (signingSecret: string | null, traceparent: string | null = null) =>
  buildRequest({
    credentials: { webhookUrl: "http://127.0.0.1/hook", signingSecret },
    eventId: EVENT,
    body: "{}",
    timestampSeconds: 1_780_704_000,
    version: "1.2.3",
    traceContext: traceparent === null ? null : { traceparent, tracestate: null },
  }).headers;

suite("an attempt is read back as it was written", () => {
  const REQUESTS = {
    signed: headersOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    "not signed": headersOf(null),
    "in a trace": headersOf("plain text", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "never sent": {},
    "of another kind": { "content-type": "text/plain", "x-a": "b" },
  };
  for (const [what, headers] of Object.entries(REQUESTS)) {
    test(`with the headers of a request that is ${what}`, () => {
      const stored = packHeaders(headers, EVENT);
      assert.deepEqual(unpackHeaders(stored, EVENT), headers);
      assert.equal(Object.keys(headers).join(), Object.keys(unpackHeaders(stored, EVENT)).join());
    });
  }

  test("and stores only what differs between requests", () => {
    const signed = REQUESTS.signed;
    assert.ok(packHeaders(signed, EVENT).length < 115);
    assert.equal(packHeaders(REQUESTS["not signed"], EVENT), "~1.2.3");
  });

  test("with its timings", () => {
    const timings = { queued: 3, dns: null, connect: 0.5, tls: null, sent: 1, first_byte: 12, total: 13.25 };
    assert.deepEqual(unpackTimings(packTimings(timings)), timings);
  });

  const context = {
    receiver: "n8n",
    host: "n8n.example",
    port: "443",
    isN8nTestUrl: false,
    isSigned: true,
    bodyBytes: 2,
    retryAfterSeconds: null,
    redirectHost: null,
    timeoutSeconds: null,
    isTest: false,
  } as const;
  const answered = (status: number): Outcome => ({
    kind: "response",
    response: { status, statusText: "", headers: {}, body: "", truncated: false },
    timings: { dns: null, connect: null, tls: null, sent: null, first_byte: 1, total: 1 },
  });
  test("with the explanation of a success that needs an action", () => {
    const explanation = explain(answered(200), { ...context, isN8nTestUrl: true });
    assert.deepEqual(unpackExplanation(packExplanation(explanation, context.receiver), 200), explanation);
  });

  for (const status of [200, 202, 404, 500]) {
    test(`with the explanation of a ${status}`, () => {
      const explanation = explain(answered(status), context);
      const stored = packExplanation(explanation, context.receiver);
      assert.deepEqual(unpackExplanation(stored, status), explanation);
      assert.equal(stored === "n8n", status < 300);
    });
  }
});
