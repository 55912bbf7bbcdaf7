import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  addFailures,
  addSuccesses,
  type Failures,
  type IssueRun,
  QUIET_MS,
  resolveIfDue,
  setIssueState,
} from "./issue.ts";

const SECOND = 1000;
const NOW = Date.parse("2026-06-06T12:00:00.000Z");
const at = (seconds: number) => NOW + seconds * SECOND;

const failed = (seconds: number, more: Partial<Failures> = {}): Failures => ({
  firstAt: at(seconds),
  lastAt: at(seconds),
  failedDeliveries: 0,
  retryingAttempts: 1,
  exampleDeliveryId: `d${seconds}`,
  ...more,
});
const succeeded = (seconds: number) => ({ firstAt: at(seconds), lastAt: at(seconds) });
const fail = (run: IssueRun | null, seconds: number) => addFailures(run, failed(seconds));
const succeed = (run: IssueRun, seconds: number) => addSuccesses(run, succeeded(seconds));

suite("an issue", () => {
  test("opens with the first failure and counts the next ones", () => {
    const run = addFailures(fail(null, 0), failed(60, { failedDeliveries: 2, retryingAttempts: 3 }));
    assert.equal(run.state, "open");
    assert.deepEqual([run.firstSeenAt, run.lastSeenAt], [at(0), at(60)]);
    assert.deepEqual([run.failedDeliveries, run.retryingAttempts], [2, 4]);
    assert.equal(run.exampleDeliveryId, "d60");
  });

  test("resolves with the first success if there were only failures before", () => {
    const run = succeed(fail(fail(null, 0), 60), 61);
    assert.deepEqual([run.state, run.resolvedAt], ["resolved", at(61)]);
  });

  test("stays open after a success from before its last failure", () => {
    assert.equal(succeed(fail(null, 60), 59).state, "open");
    assert.equal(succeed(fail(null, 60), 60).state, "open");
  });

  test("begins a new run when it fails long after it was resolved", () => {
    const again = fail(succeed(fail(null, 0), 1), QUIET_MS / SECOND + 1);
    assert.equal(again.state, "open");
    assert.equal(again.firstSeenAt, at(QUIET_MS / SECOND + 1));
    assert.deepEqual([again.retryingAttempts, again.isIntermittent], [1, false]);
  });

  test("stays open while successes and failures alternate", () => {
    let run = fail(null, 0);
    for (let second = 1; second <= 100; second += 2) run = fail(succeed(run, second), second + 1);
    assert.equal(run.state, "open");
    assert.deepEqual([run.firstSeenAt, run.retryingAttempts], [at(0), 51]);
    run = succeed(run, 101);
    assert.deepEqual([run.state, run.resolvesAt], ["open", run.lastSeenAt + QUIET_MS]);
    assert.equal(resolveIfDue(run, run.lastSeenAt + QUIET_MS - 1).state, "open");
    assert.equal(resolveIfDue(run, run.lastSeenAt + QUIET_MS).state, "resolved");
    assert.equal(succeed(run, 100 + QUIET_MS / SECOND).state, "resolved");
  });

  test("ends after a quiet period even if it was not checked before the next failure", () => {
    const alternating = succeed(fail(succeed(fail(null, 0), 1), 2), 3);
    const again = fail(alternating, 3 + QUIET_MS / SECOND);
    assert.deepEqual([again.firstSeenAt, again.retryingAttempts], [again.lastSeenAt, 1]);
    const withoutSuccess = fail(fail(null, 0), 2 * (QUIET_MS / SECOND));
    assert.equal(withoutSuccess.firstSeenAt, at(0), "nothing has arrived in between");
  });

  test("has the same state when the attempts of a minute are added up first", () => {
    const run = addSuccesses(addFailures(null, failed(0, { lastAt: at(30), retryingAttempts: 5 })), {
      firstAt: at(10),
      lastAt: at(40),
    });
    assert.deepEqual([run.state, run.isIntermittent], ["open", true]);
  });

  test("stays muted across a success, until its run has ended", () => {
    const muted = setIssueState(fail(null, 0), "muted", at(1));
    assert.equal(fail(muted, 2).state, "muted");
    assert.equal(fail(succeed(muted, 3), 4).state, "muted");
    const again = fail(succeed(muted, 3), 2 * (QUIET_MS / SECOND));
    assert.deepEqual([again.state, again.mutedAt], ["open", null]);
  });

  test("that a person resolved reopens with a new run", () => {
    const resolved = setIssueState(fail(null, 0), "resolved", at(5));
    assert.equal(resolved.resolvedAt, at(5));
    assert.equal(fail(resolved, 4).state, "resolved", "an attempt from before, counted late");
    const again = fail(resolved, 6);
    assert.deepEqual([again.state, again.firstSeenAt, again.retryingAttempts], ["open", at(6), 1]);
  });

  test("that a person reopened waits for another success", () => {
    const reopened = setIssueState(succeed(fail(null, 0), 1), "open", at(2));
    assert.deepEqual([reopened.state, reopened.resolvedAt], ["open", null]);
    assert.equal(resolveIfDue(reopened, at(9999)).state, "open");
    assert.equal(succeed(reopened, 3).state, "resolved");
  });

  test("counts failures that are recorded late, and keeps the newer example", () => {
    const run = fail(fail(null, 60), 30);
    assert.deepEqual([run.firstSeenAt, run.lastSeenAt, run.exampleDeliveryId], [at(30), at(60), "d60"]);
  });
});
