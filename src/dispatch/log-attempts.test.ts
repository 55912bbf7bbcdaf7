import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pino } from "pino";
import type { ObservedAttempt, Observer } from "../domain/observer.ts";
import { combineObservers } from "./combine-observers.ts";
import { logAttempts } from "./log-attempts.ts";

const NOTE: ObservedAttempt = {
  workspaceId: "w",
  connectionId: "c",
  deliveryId: "d",
  eventId: "e",
  eventType: "order.paid",
  attemptNumber: 2,
  trigger: "schedule",
  result: "retry",
  status: 503,
  errorCode: "http_status",
  durationMs: 12,
  sinceAcceptedMs: 5012,
};

describe("the log of attempts", () => {
  it("has one line per attempt, with ids, type and outcome", () => {
    const lines: string[] = [];
    const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
    logAttempts(logger).attempted(NOTE);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        {
          level: 30,
          msg: "attempt",
          workspace_id: "w",
          connection_id: "c",
          delivery_id: "d",
          event_id: "e",
          event_type: "order.paid",
          attempt: 2,
          trigger: "schedule",
          result: "retry",
          status: 503,
          error: "http_status",
          duration_ms: 12,
        },
      ],
    );
  });

  it("is silent at LOG_LEVEL=warn", () => {
    const lines: string[] = [];
    const logger = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
    logAttempts(logger).attempted(NOTE);
    assert.deepEqual(lines, []);
  });
});

describe("combined observers", () => {
  it("all receive every call, in order", () => {
    const logged: unknown[] = [];
    const observer = (name: string): Observer => ({
      accepted: (...args) => void logged.push([name, "accepted", ...args]),
      attempted: (...args) => void logged.push([name, "attempted", ...args]),
      committed: (...args) => void logged.push([name, "committed", ...args]),
      superseded: (...args) => void logged.push([name, "superseded", ...args]),
    });
    const both = combineObservers(observer("a"), observer("b"));
    both.accepted(3);
    both.attempted(NOTE);
    both.committed("claim", 4, 5);
    both.superseded(6);
    assert.deepEqual(
      logged,
      [
        ["accepted", 3],
        ["attempted", NOTE],
        ["committed", "claim", 4, 5],
        ["superseded", 6],
      ].flatMap((call) => [
        ["a", ...call],
        ["b", ...call],
      ]),
    );
  });
});
