import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type ConnectionHold, heldUntil, holdAfter } from "./connection-hold.ts";

const NOW = Date.UTC(2026, 5, 6);
const SECOND = 1000;
const HOUR = 3600 * SECOND;

const FREE: ConnectionHold = { until: null, lengthMs: null };
const hold = (seconds: number, lengthSeconds = seconds): ConnectionHold => ({
  until: NOW + seconds * SECOND,
  lengthMs: lengthSeconds * SECOND,
});

suite("a hold", () => {
  const ROWS: readonly (readonly [what: string, hold: ConnectionHold, until: number | null])[] = [
    ["lets nothing leave before its end", hold(10), NOW + 10 * SECOND],
    ["is over at its end", hold(0, 10), null],
    ["is no hold when there is none", FREE, null],
    ["is over when the clock was set back by an hour since", hold(3610, 10), null],
    ["is over when the clock was set back by a minute since", hold(70, 10), null],
    ["allows for clocks that differ a little", hold(25, 10), NOW + 25 * SECOND],
    [
      "of unknown length ends with the longest step of the schedule",
      { until: NOW + 30 * HOUR, lengthMs: null },
      null,
    ],
  ];
  for (const [what, held, until] of ROWS) test(what, () => assert.equal(heldUntil(held, NOW), until));
});

suite("the hold after an attempt", () => {
  type Attempt = Parameters<typeof holdAfter>[1];
  const FAILED: Attempt = {
    fault: "receiver",
    isTest: false,
    isOrdered: false,
    holdsUntil: null,
    finishedAt: NOW,
  };
  const asks = (seconds: number) => ({ holdsUntil: NOW + seconds * SECOND });
  const ROWS: readonly (readonly [
    what: string,
    before: ConnectionHold,
    attempt: Partial<Attempt>,
    isOrderedNow: boolean,
    after: ConnectionHold,
  ])[] = [
    ["is what it was when nothing was asked", hold(5), {}, false, hold(5)],
    ["is what was asked", FREE, asks(10), false, hold(10)],
    ["is the longer of two", hold(20), asks(10), false, hold(20)],
    ["is the longer of two, the other way round", hold(5), asks(10), false, hold(10)],
    ["forgets one that a stepped clock has written", hold(3600, 10), asks(10), false, hold(10)],
    ["is the retry of the head in strict order", hold(20), { ...asks(10), isOrdered: true }, true, hold(10)],
    ["ends with a success in strict order", hold(5), { fault: "none", isOrdered: true }, true, FREE],
    [
      "outlasts a test that succeeds",
      hold(5),
      { fault: "none", isOrdered: true, isTest: true },
      true,
      hold(5),
    ],
    ["outlasts a success without order", hold(5), { fault: "none" }, false, hold(5)],
    [
      "is none of a head when strict order was switched off meanwhile",
      FREE,
      { ...asks(10), isOrdered: true },
      false,
      FREE,
    ],
  ];
  for (const [what, before, attempt, isOrderedNow, after] of ROWS) {
    test(what, () => assert.deepEqual(holdAfter(before, { ...FAILED, ...attempt }, isOrderedNow), after));
  }
});
