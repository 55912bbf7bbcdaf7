import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  FAILING_FOR_MS,
  type FailingRun,
  failingRunAfter,
  hasFailedForDays,
  SILENCE_MAX_MS,
} from "./failing-run.ts";
import type { Fault } from "./fault-of.ts";
import { RETRY_DELAY_MAX_MS } from "./retry-schedule.ts";

const NOW = Date.UTC(2026, 5, 6);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Attempt = readonly [atMs: number, fault: Fault, isTest?: boolean];

const runAfter = (attempts: readonly Attempt[]) =>
  attempts.reduce<FailingRun | null>(
    (run, [atMs, fault, isTest = false]) => failingRunAfter(run, { fault, isTest, finishedAt: NOW + atMs }),
    null,
  );

/** Failures every `stepMs` up to `untilMs`, the first at 0. */
const every = (stepMs: number, untilMs: number, fault: Fault = "receiver"): Attempt[] =>
  Array.from({ length: Math.floor(untilMs / stepMs) + 1 }, (_none, index) => [index * stepMs, fault]);

suite("days of failures", () => {
  const ROWS: readonly (readonly [what: string, attempts: readonly Attempt[], isPaused: boolean])[] = [
    ["pause the connection after five", every(DAY, 5 * DAY), true],
    ["pause the connection despite the longest allowed silences", every(36 * HOUR, 6 * DAY), true],
    [
      "do not pause the connection a moment earlier",
      [...every(DAY, 4 * DAY), [5 * DAY - 1, "receiver"]],
      false,
    ],
    ["pause the connection when the receiver rejects every message", every(DAY, 5 * DAY, "message"), true],
    ["do not add up across a longer silence", every(36 * HOUR + 1, 12 * DAY), false],
    [
      "do not add up from one failure a week ago and one now",
      [
        [0, "receiver"],
        [7 * DAY, "receiver"],
      ],
      false,
    ],
    [
      "do not add up from a test that failed a week ago",
      [
        [0, "receiver", true],
        [7 * DAY, "receiver"],
      ],
      false,
    ],
    [
      "do not add up from failed tests alone",
      every(DAY, 9 * DAY).map(([at, fault]) => [at, fault, true]),
      false,
    ],
    ["do not add up from faults of ours alone", every(DAY, 9 * DAY, "ours"), false],
    [
      "are not bridged by faults of ours",
      [
        [0, "receiver"],
        [DAY, "ours"],
        [2 * DAY, "ours"],
        [3 * DAY, "receiver"],
        [5 * DAY, "receiver"],
      ],
      false,
    ],
    ["end with a success", [...every(DAY, 4 * DAY), [4 * DAY + 1, "none"], [5 * DAY, "receiver"]], false],
    [
      "end with a successful test",
      [...every(DAY, 4 * DAY), [4 * DAY + 1, "none", true], [5 * DAY, "receiver"]],
      false,
    ],
    [
      "are not extended by a clock that ran ahead",
      [
        [0, "receiver"],
        [9 * DAY, "receiver"],
        [HOUR, "receiver"],
        [2 * HOUR, "receiver"],
      ],
      false,
    ],
  ];
  for (const [what, attempts, isPaused] of ROWS) {
    test(what, () => assert.equal(hasFailedForDays(runAfter(attempts)), isPaused));
  }

  test("allow for the longest step of the retry schedule", () => {
    assert.ok(SILENCE_MAX_MS > RETRY_DELAY_MAX_MS);
  });

  test("pause the connection only after a chain of failures without a longer silence between two of them", () => {
    const attempt = fc.record({
      afterMs: fc.integer({ min: 1, max: 2 * DAY }),
      fault: fc.constantFrom<Fault>("receiver", "receiver", "receiver", "message", "ours", "none"),
      isTest: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40 }), (attempts) => {
        let run: FailingRun | null = null;
        let finishedAt = NOW;
        let evidence: number[] = [];
        for (const { afterMs, fault, isTest } of attempts) {
          finishedAt += afterMs;
          run = failingRunAfter(run, { fault, isTest, finishedAt });
          if (fault === "none") evidence = [];
          else if (!isTest && fault !== "ours") evidence.push(finishedAt);
          const breaks = evidence.findLastIndex(
            (at, index) => at - (evidence[index - 1] ?? at) > SILENCE_MAX_MS,
          );
          const chain = evidence.slice(Math.max(0, breaks));
          const spanMs = (chain.at(-1) ?? 0) - (chain[0] ?? 0);
          assert.equal(hasFailedForDays(run), spanMs >= FAILING_FOR_MS);
        }
      }),
    );
  });
});
