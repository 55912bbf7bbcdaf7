import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ConnectionState } from "./connection-state.ts";
import {
  type AlertDecision,
  type AlertSubject,
  type EvaluatedAlert,
  evaluateAlert,
  type NoticeState,
} from "./evaluate-alert.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.parse("2026-06-06T22:04:00Z");

const failing: EvaluatedAlert = {
  condition: "connection_failing",
  threshold: 5,
  connectionIds: null,
  raisedAt: null,
  recoveredAt: null,
};

function subject(id: string, of: Partial<AlertSubject> = {}): AlertSubject {
  return { id, state: "ok", stateSince: null, pending: 0, oldestDueAt: null, silentSince: null, ...of };
}

const fails = (id: string, since = T0) => subject(id, { state: "failing", stateSince: since });
const ids = (subjects: readonly AlertSubject[]) => subjects.map(({ id }) => id);

/** Evaluates one alert repeatedly, as the engine does, and stores the changed states. */
class Watch {
  readonly noticed = new Map<string, NoticeState>();
  alert: EvaluatedAlert;

  constructor(alert: EvaluatedAlert) {
    this.alert = alert;
  }

  look(now: number, ...subjects: AlertSubject[]): { raised: string[]; recovered: string[] } {
    const decision: AlertDecision<AlertSubject> = evaluateAlert(this.alert, subjects, this.noticed, now);
    for (const [id, noticed] of decision.changes) {
      if (noticed === null) this.noticed.delete(id);
      else this.noticed.set(id, noticed);
    }
    if (decision.raised.length > 0) this.alert = { ...this.alert, raisedAt: now };
    if (decision.recovered.length > 0) this.alert = { ...this.alert, recoveredAt: now };
    return { raised: ids(decision.raised), recovered: ids(decision.recovered) };
  }
}

const NOTHING = { raised: [], recovered: [] };

suite("an alert", () => {
  test("is raised once when a connection has been failing for the configured minutes", () => {
    const watch = new Watch(failing);
    assert.deepEqual(watch.look(T0 + 4 * MINUTE, fails("a")), NOTHING);
    assert.deepEqual(watch.look(T0 + 5 * MINUTE, fails("a")), { raised: ["a"], recovered: [] });
    for (let minutes = 6; minutes < 300; minutes += 7) {
      assert.deepEqual(watch.look(T0 + minutes * MINUTE, fails("a")), NOTHING);
    }
  });

  test("recovers once the connection has been healthy for five minutes", () => {
    const watch = new Watch(failing);
    watch.look(T0 + 5 * MINUTE, fails("a"));
    assert.deepEqual(watch.look(T0 + 10 * MINUTE, subject("a")), NOTHING);
    assert.deepEqual(watch.look(T0 + 14 * MINUTE, subject("a")), NOTHING);
    assert.deepEqual(watch.look(T0 + 15 * MINUTE, subject("a")), { raised: [], recovered: ["a"] });
    assert.deepEqual(watch.look(T0 + 16 * MINUTE, subject("a")), NOTHING);
  });

  test("does not recover while the failure returns within five minutes", () => {
    const watch = new Watch({ ...failing, threshold: 0 });
    watch.look(T0, fails("a"));
    for (let minutes = 1; minutes < 30; minutes += 2) {
      assert.deepEqual(watch.look(T0 + minutes * MINUTE, subject("a")), NOTHING);
      assert.deepEqual(watch.look(T0 + (minutes + 1) * MINUTE, fails("a")), NOTHING);
    }
  });

  test("is raised again no sooner than an hour after the last time", () => {
    const watch = new Watch({ ...failing, threshold: 0 });
    watch.look(T0, fails("a"));
    watch.look(T0 + 1 * MINUTE, subject("a"));
    assert.deepEqual(watch.look(T0 + 6 * MINUTE, subject("a")).recovered, ["a"]);
    assert.deepEqual(watch.look(T0 + 20 * MINUTE, fails("a", T0 + 20 * MINUTE)), NOTHING);
    assert.deepEqual(watch.look(T0 + 59 * MINUTE, fails("a", T0 + 20 * MINUTE)), NOTHING);
    assert.deepEqual(watch.look(T0 + HOUR, fails("a", T0 + 20 * MINUTE)).raised, ["a"]);
  });

  test("reports a storm in one notice, and later failures in the next", () => {
    const watch = new Watch(failing);
    const many = Array.from({ length: 1000 }, (_, i) => fails(`c${i}`));
    assert.equal(watch.look(T0 + 5 * MINUTE, ...many).raised.length, 1000);
    const late = fails("late", T0 + MINUTE);
    assert.deepEqual(watch.look(T0 + 6 * MINUTE, ...many, late), NOTHING);
    assert.deepEqual(watch.look(T0 + 10 * MINUTE, ...many, late).raised, ["late"]);
    const well = many.map(({ id }) => subject(id));
    watch.look(T0 + 20 * MINUTE, ...well, late);
    assert.equal(watch.look(T0 + 25 * MINUTE, ...well, late).recovered.length, 1000);
  });

  test("does not report recovery of a connection that was paused, disconnected or removed", () => {
    const ends = [[subject("a", { state: "paused" })], [subject("a", { state: "disconnected" })], []];
    for (const end of ends) {
      const watch = new Watch({ ...failing, threshold: 0 });
      watch.look(T0, fails("a"));
      assert.deepEqual(watch.look(T0 + 10 * MINUTE, ...end), NOTHING);
      assert.deepEqual(watch.look(T0 + 20 * MINUTE, ...end), NOTHING);
    }
  });

  test("watches only the connections in its scope", () => {
    const watch = new Watch({ ...failing, connectionIds: new Set(["b"]) });
    assert.deepEqual(watch.look(T0 + HOUR, fails("a"), fails("b")).raised, ["b"]);
  });

  test("forgets a connection once its failure has ended and an hour has passed", () => {
    const watch = new Watch({ ...failing, threshold: 0 });
    watch.look(T0, fails("a"));
    watch.look(T0 + 1 * MINUTE, subject("a"));
    watch.look(T0 + 7 * MINUTE, subject("a"));
    assert.equal(watch.noticed.size, 1);
    watch.look(T0 + 61 * MINUTE, subject("a"));
    assert.equal(watch.noticed.size, 0);
  });

  test("keeps working after the clock was set back", () => {
    const noticed = new Map([["a", { isOpen: false, raisedAt: T0 + 30 * 24 * HOUR, calmSince: null }]]);
    const alert = { ...failing, threshold: 0, raisedAt: T0 + 30 * 24 * HOUR };
    assert.deepEqual(ids(evaluateAlert(alert, [fails("a")], noticed, T0).raised), ["a"]);
  });

  const cases: [EvaluatedAlert["condition"], number | null, Partial<AlertSubject>, Partial<AlertSubject>][] =
    [
      ["connection_paused", null, { state: "paused" }, { state: "failing" as ConnectionState }],
      ["backlog", 1000, { pending: 1001 }, { pending: 1000 }],
      ["oldest_waiting", 15, { oldestDueAt: T0 - 15 * MINUTE }, { oldestDueAt: T0 - 14 * MINUTE }],
      ["silence", 60, { silentSince: T0 - HOUR }, { silentSince: null }],
    ];
  for (const [condition, threshold, applies, doesNot] of cases) {
    test(`of ${condition} applies to one connection and not to the other`, () => {
      const watch = new Watch({ ...failing, condition, threshold });
      assert.deepEqual(watch.look(T0, subject("a", applies), subject("b", doesNot)).raised, ["a"]);
    });
  }

  test("of no_events concerns the workspace, and one of silence does not", () => {
    const silent = { silentSince: T0 - 2 * HOUR };
    const both = [subject("", silent), subject("a", silent)];
    const of = (condition: EvaluatedAlert["condition"]) =>
      new Watch({ ...failing, condition, threshold: 60 }).look(T0, ...both).raised;
    assert.deepEqual(of("no_events"), [""]);
    assert.deepEqual(of("silence"), ["a"]);
  });
});
