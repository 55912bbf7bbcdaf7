import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptProgress, timelineRows } from "./timeline-rows.ts";

const NONE = {
  queued: null,
  dns: null,
  connect: null,
  tls: null,
  sent: null,
  first_byte: null,
  total: 0,
};
type Timings = Parameters<typeof timelineRows>[0];

const lines = (timings: Partial<Timings>, progress: AttemptProgress) =>
  timelineRows({ ...NONE, ...timings }, progress).map(
    ({ name, state, startMs, ms, note }) => `${name} ${state} ${startMs} ${ms ?? "-"} ${note ?? "|"}`,
  );

const COMPLETED = { stage: null, hasResponse: true } as const;
const FAILED = { stage: null, hasResponse: false } as const;

test("shows every stage of a recorded attempt with its duration, in order", () => {
  const timings = { queued: 12, dns: 4, connect: 10, tls: 20, sent: 1, first_byte: 61, total: 100 };
  assert.deepEqual(lines(timings, COMPLETED), [
    "Waited in queue completed 0 12 ",
    "DNS lookup completed 0 4 |",
    "Connect completed 4 10 |",
    "TLS completed 14 20 |",
    "Sent completed 34 1 |",
    "First byte completed 35 60 |",
    "Rest of response completed 95 5 |",
    "Total completed 0 100 ",
  ]);
});

test("says that the connection was already open instead of showing three empty rows", () => {
  const timings = { queued: 0, sent: 1, first_byte: 61, total: 62 };
  assert.deepEqual(lines(timings, COMPLETED).slice(0, 3), [
    "Waited in queue completed 0 0 ",
    "Connection idle 0 - was open already",
    "Sent completed 0 1 |",
  ]);
  assert.equal(
    lines(timings, { stage: "first_byte", elapsedMs: 5 })[1],
    "Connection idle 0 - was open already",
  );
});

test("says which stages a plain HTTP request to an IP address did not need", () => {
  const [dns, connect, tls] = lines({ connect: 2, sent: 0, first_byte: 5, total: 8 }, COMPLETED);
  assert.deepEqual(
    [dns, connect, tls],
    ["DNS lookup idle 0 - not needed", "Connect completed 0 2 |", "TLS idle 2 - not used"],
  );
});

test("grows the current stage with time, and leaves later stages empty", () => {
  const timings = { queued: 0, dns: 4, connect: 10, total: 15 };
  assert.deepEqual(lines(timings, { stage: "tls", elapsedMs: 40 }), [
    "Waited in queue completed 0 0 ",
    "DNS lookup completed 0 4 |",
    "Connect completed 4 10 |",
    "TLS running 14 26 |",
    "Sent idle 14 - ",
    "First byte idle 14 - ",
    "Rest of response idle 14 - ",
    "Total idle 0 - ",
  ]);
  const waiting = lines({ ...timings, sent: 1 }, { stage: "first_byte", elapsedMs: 2015 });
  assert.equal(waiting[5], "First byte running 15 2000 |");
});

test("marks where an attempt without a response ended", () => {
  assert.deepEqual(lines({ dns: 4, connect: 5000, total: 5004 }, FAILED), [
    "DNS lookup completed 0 4 |",
    "Connect ended 4 5000 |",
    "TLS idle 5004 - not reached",
    "Sent idle 5004 - not reached",
    "First byte idle 5004 - not reached",
    "Rest of response idle 5004 - not reached",
    "Ended ended 0 5004 ",
  ]);
  const cut = lines({ dns: 4, connect: 10, sent: 1, first_byte: 20, total: 534 }, FAILED);
  assert.deepEqual(cut.slice(-2), ["Rest of response ended 34 500 |", "Ended ended 0 534 "]);
});

test("marks no end while an ended attempt waits for its record", () => {
  const rows = lines(
    { dns: 4, connect: 10, sent: 1, first_byte: 20, total: 40 },
    { stage: "done", elapsedMs: 40 },
  );
  assert.ok(rows.every((row) => !/running|ended/.test(row)));
  assert.equal(rows.at(-1), "Total idle 0 - ");
});

test("supports older records, which have no queue or write time", () => {
  const rows = lines({ dns: 4, connect: 10, first_byte: 20, total: 40 }, COMPLETED);
  assert.deepEqual(
    rows.map((row) => row.split(" ")[0]),
    ["DNS", "Connect", "TLS", "First", "Rest", "Total"],
  );
});

test("is empty for a request that was refused before it started", () => {
  assert.deepEqual(lines({ queued: 3, total: 0.1 }, FAILED), []);
});
