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
    ["lasts until its end", hold(10), NOW + 10 * SECOND],
    ["does not last past its end", hold(0, 10), null],
    ["is absent when none was set", FREE, null],
    ["has ended when the clock was set back by an hour", hold(3610, 10), null],
    ["has ended when the clock was set back by a minute", hold(70, 10), null],
    ["tolerates small clock differences", hold(25, 10), NOW + 25 * SECOND],
    [
      "of unknown length lasts no longer than the longest retry delay",
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
    holdUntil: null,
    finishedAt: NOW,
  };
  const asks = (seconds: number) => ({ holdUntil: NOW + seconds * SECOND });
  const ROWS: readonly (readonly [
    what: string,
    before: ConnectionHold,
    attempt: Partial<Attempt>,
    isOrderedNow: boolean,
    after: ConnectionHold,
  ])[] = [
    ["is unchanged when the receiver asked for nothing", hold(5), {}, false, hold(5)],
    ["is as long as the receiver asked", FREE, asks(10), false, hold(10)],
    ["keeps the old one if it is longer", hold(20), asks(10), false, hold(20)],
    ["takes the new one if it is longer", hold(5), asks(10), false, hold(10)],
    ["replaces one from before the clock was set back", hold(3600, 10), asks(10), false, hold(10)],
    [
      "lasts until the retry of the head in strict order",
      hold(20),
      { ...asks(10), isOrdered: true },
      true,
      hold(10),
    ],
    ["ends with a success in strict order", hold(5), { fault: "none", isOrdered: true }, true, FREE],
    ["outlasts a successful test", hold(5), { fault: "none", isOrdered: true, isTest: true }, true, hold(5)],
    ["outlasts a success without strict order", hold(5), { fault: "none" }, false, hold(5)],
    [
      "does not wait for the head once strict order was switched off",
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
