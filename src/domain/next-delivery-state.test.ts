import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { DeliveryStatus } from "./delivery.ts";
import { canTransition, concernsOthers, nextDeliveryState } from "./next-delivery-state.ts";
import type { Outcome } from "./outcome.ts";

const NOW = Date.UTC(2026, 5, 6);
const SECOND_MS = 1000;

type Attempt = Parameters<typeof nextDeliveryState>[0];

const FAILED: Attempt = {
  ok: false,
  status: 500,
  trigger: "schedule",
  attemptNumber: 1,
  dueAt: NOW,
  isOrdered: false,
  retryAfterSeconds: null,
  finishedAt: NOW,
  random: 0.5,
};

suite("after a finished attempt", () => {
  const DELIVERED = { status: "delivered", nextAttemptAt: null, holdUntil: null, isGone: false } as const;
  const USED_UP = { status: "failed", nextAttemptAt: null, holdUntil: null, isGone: false } as const;
  const pending = (inSeconds: number, isGone = false) =>
    ({ status: "pending", nextAttemptAt: NOW + inSeconds * SECOND_MS, holdUntil: null, isGone }) as const;

  const ROWS: readonly [
    what: string,
    attempt: Partial<Attempt>,
    state: ReturnType<typeof nextDeliveryState>,
  ][] = [
    ["a 2xx delivers", { ok: true, status: 200 }, DELIVERED],
    ["a 2xx to the last attempt delivers", { ok: true, status: 204, attemptNumber: 10 }, DELIVERED],
    ["a 2xx to a test delivers", { ok: true, status: 200, trigger: "test" }, DELIVERED],
    ["a 500 waits for the schedule", {}, pending(5)],
    ["a 404 waits like any other response", { status: 404, attemptNumber: 2 }, pending(300)],
    ["no response at all waits as well", { status: null, attemptNumber: 9 }, pending(86_400)],
    [
      "Retry-After delays the next attempt and pauses the connection",
      { status: 429, retryAfterSeconds: 60 },
      { ...pending(60), holdUntil: NOW + 60 * SECOND_MS },
    ],
    [
      "a Retry-After pause lasts an hour at most",
      { status: 503, retryAfterSeconds: 86_400 },
      { ...pending(86_400), holdUntil: NOW + 3600 * SECOND_MS },
    ],
    ["Retry-After in another response delays only that delivery", { retryAfterSeconds: 60 }, pending(60)],
    [
      "in strict order a delivery keeps its position, and the others wait for it",
      { isOrdered: true, dueAt: NOW - 7 },
      { ...pending(0), nextAttemptAt: NOW - 7, holdUntil: NOW + 5 * SECOND_MS },
    ],
    [
      "in strict order no delivery waits for one that has failed",
      { isOrdered: true, attemptNumber: 10 },
      USED_UP,
    ],
    [
      "a 410 keeps the position in the queue",
      { status: 410, dueAt: NOW - 7 },
      { ...pending(0, true), nextAttemptAt: NOW - 7 },
    ],
    ["the tenth failure is the last", { attemptNumber: 10 }, USED_UP],
    ["Retry-After does not extend the schedule", { attemptNumber: 10, retryAfterSeconds: 60 }, USED_UP],
    ["a failed test is not retried", { trigger: "test" }, USED_UP],
    ["a test that gets a 410 pauses nothing", { trigger: "test", status: 410 }, USED_UP],
    ["a manual retry with attempts left waits", { trigger: "manual", attemptNumber: 3 }, pending(1800)],
    ["a manual retry after the schedule stays failed", { trigger: "manual", attemptNumber: 11 }, USED_UP],
    ["a successful manual retry delivers", { trigger: "manual", attemptNumber: 11, ok: true }, DELIVERED],
    [
      "a 410 pauses the connection and keeps the delivery pending",
      { status: 410, attemptNumber: 4 },
      pending(0, true),
    ],
    ["a 410 to the last attempt keeps it pending too", { status: 410, attemptNumber: 10 }, pending(0, true)],
    ["a 410 to a manual retry keeps it pending", { status: 410, trigger: "manual" }, pending(0, true)],
    [
      "a 410 to a manual retry after the schedule pauses, and leaves the delivery failed",
      { status: 410, trigger: "manual", attemptNumber: 11 },
      { ...USED_UP, isGone: true },
    ],
  ];
  for (const [what, attempt, state] of ROWS) {
    test(what, () => assert.deepEqual(nextDeliveryState({ ...FAILED, ...attempt }), state));
  }

  test("only a pending delivery has a next attempt, and its new status is an allowed transition", () => {
    const attempt: fc.Arbitrary<Attempt> = fc.record({
      ok: fc.boolean(),
      status: fc.option(fc.oneof(fc.constant(410), fc.integer({ min: 100, max: 599 }))),
      trigger: fc.constantFrom("schedule", "manual", "test"),
      attemptNumber: fc.integer({ min: 1, max: 30 }),
      dueAt: fc.constant(NOW),
      isOrdered: fc.boolean(),
      retryAfterSeconds: fc.option(fc.nat()),
      finishedAt: fc.constant(NOW),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(attempt, (finished) => {
        const { status, nextAttemptAt } = nextDeliveryState(finished);
        assert.equal(nextAttemptAt !== null, status === "pending");
        assert.ok(nextAttemptAt === null || nextAttemptAt >= NOW);
        assert.ok(status === "pending" || canTransition("pending", status));
      }),
    );
  });
});

suite("an outcome", () => {
  const timings = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 1 };
  const response = (status: number): Outcome => ({
    kind: "response",
    response: { status, statusText: "", headers: {}, body: "", truncated: false },
    timings,
  });
  const ROWS: readonly (readonly [what: string, outcome: Outcome, concerns: boolean])[] = [
    ["200", response(200), false],
    ["a rejected message (422)", response(422), false],
    ["a redirect", response(302), false],
    ["a receiver that is gone (410)", response(410), true],
    ["an overloaded receiver (429)", response(429), true],
    ["500", response(500), true],
    ["no response", { kind: "failure", failure: { code: "timeout", stage: "first_byte" }, timings }, true],
    ["a fault of ours", { kind: "failure", failure: { code: "dns_busy", stage: "dns" }, timings }, true],
  ];
  for (const [what, outcome, concerns] of ROWS) {
    test(`${what} ${concerns ? "makes" : "does not make"} others wait`, () =>
      assert.equal(concernsOthers(outcome), concerns));
  }
});

suite("a change of a delivery's status", () => {
  const STATUSES = ["pending", "delivered", "failed", "cancelled"] as const;
  const TRANSITIONS: readonly (readonly [DeliveryStatus, DeliveryStatus])[] = [
    ["pending", "delivered"],
    ["pending", "failed"],
    ["pending", "cancelled"],
    ["delivered", "pending"],
    ["failed", "pending"],
    ["failed", "cancelled"],
    // It was being sent when it was cancelled or withdrawn.
    ["failed", "delivered"],
    ["cancelled", "delivered"],
  ];
  for (const from of STATUSES) {
    for (const to of STATUSES) {
      const may = TRANSITIONS.some(([start, end]) => start === from && end === to);
      test(`from ${from} to ${to} is ${may ? "allowed" : "refused"}`, () =>
        assert.equal(canTransition(from, to), may));
    }
  }
});
