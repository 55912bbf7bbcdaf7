import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { explain } from "./diagnostics/explain-failure.ts";
import type { ExplainContext, Explanation } from "./diagnostics/explanation.ts";
import { type Outcome, SEND_FAILURE_CODES } from "./outcome.ts";

const TIMINGS = { dns: 1, connect: 2, tls: 3, sent: 1, first_byte: 4, total: 15_003 };

suite("every explanation", () => {
  const CANARY = "s3cr3t-c4n4ry";
  const context: fc.Arbitrary<ExplainContext> = fc.record({
    receiver: fc.constantFrom(
      "zapier",
      "make",
      "n8n",
      "pipedream",
      "slack",
      "discord",
      "inspector",
      "custom",
    ),
    host: fc.constant("hooks.example.com"),
    port: fc.constantFrom("443", "8443", ""),
    isN8nTestUrl: fc.boolean(),
    isSigned: fc.boolean(),
    bodyBytes: fc.nat(300_000),
    retryAfterSeconds: fc.option(fc.nat(100_000)),
    redirectHost: fc.option(fc.constant("login.example.com")),
    timeoutSeconds: fc.option(fc.integer({ min: 1, max: 60 })),
    isTest: fc.boolean(),
  });
  /** Any response of a receiver, with all its own texts marked. */
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc
      .record({
        status: fc.integer({ min: 100, max: 599 }),
        body: fc.constantFrom(
          "",
          "is not registered ",
          'The requested webhook "x" is not registered. ',
          "This webhook is not registered for POST requests ",
          "queue is full ",
          "invalid signature ",
          "missing signature ",
          "timestamp too old ",
          "no healthy upstream ",
        ),
      })
      .map(({ status, body }) => ({
        kind: "response" as const,
        response: {
          status,
          statusText: CANARY,
          headers: { location: `https://login.example.com/${CANARY}` },
          body: `${body}Cannot POST /hooks/${CANARY}`,
          truncated: false,
        },
        timings: TIMINGS,
      })),
    fc
      .record({
        code: fc.constantFrom(...SEND_FAILURE_CODES),
        stage: fc.constantFrom("dns", "connect", "tls", "first_byte", "body"),
      })
      .map((failure) => ({ kind: "failure" as const, failure, timings: TIMINGS })),
  );

  function forEvery(check: (explanation: Explanation) => void): void {
    fc.assert(
      fc.property(outcome, context, (outcome, context) => check(explain(outcome, context))),
      { numRuns: 1000 },
    );
  }

  test("has a title and a detail", () => {
    forEvery(({ code, title, detail }) => {
      assert.match(code, /^[a-z][a-z0-9_]+$/);
      assert.match(title, /^\S.*[^.\s]$/);
      assert.match(detail, /^\S.*\.$/);
    });
  });

  test("ends in an action unless there is none", () => {
    forEvery(({ action, action_code }) => {
      if (action_code === "none") assert.equal(action, "");
      else assert.match(action, /^[A-Z].*[.?]$/);
    });
  });

  test("contains no URL path and no text from the receiver", () => {
    forEvery((explanation) => {
      const text = [explanation.title, explanation.detail, explanation.action].join("\n");
      assert.ok(!text.includes(CANARY), text);
      assert.doesNotMatch(text, /\/\S/);
    });
  });
});
