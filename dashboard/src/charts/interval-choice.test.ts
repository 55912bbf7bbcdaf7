import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenRange, type IntervalChoice, moveByKey, NO_CHOICE } from "./interval-choice.ts";

const press = (choice: IntervalChoice, key: string, shiftKey = false) =>
  moveByKey(choice, { key, shiftKey }, 24) ?? choice;

test("arrow keys move from the newest interval and stop at the ends", () => {
  assert.deepEqual(press(NO_CHOICE, "ArrowLeft"), { at: 22, anchor: null });
  assert.deepEqual(press({ at: 0, anchor: null }, "ArrowLeft"), { at: 0, anchor: null });
  assert.deepEqual(press({ at: 5, anchor: null }, "End"), { at: 23, anchor: null });
  assert.deepEqual(press({ at: 5, anchor: null }, "Home"), { at: 0, anchor: null });
  assert.equal(moveByKey(NO_CHOICE, { key: "x", shiftKey: false }, 24), null);
  assert.equal(moveByKey(NO_CHOICE, { key: "ArrowLeft", shiftKey: false }, 0), null);
});

test("Shift extends the range, and a key without Shift starts over", () => {
  const grown = press(press({ at: 5, anchor: null }, "ArrowRight", true), "ArrowRight", true);
  assert.deepEqual(grown, { at: 7, anchor: 5 });
  assert.deepEqual(chosenRange(grown, 24), { first: 5, last: 7 });
  assert.deepEqual(chosenRange(press({ at: 5, anchor: null }, "Home", true), 24), { first: 0, last: 5 });
  assert.deepEqual(press(grown, "ArrowRight"), { at: 8, anchor: null });
});

test("a choice is clipped when there are fewer intervals", () => {
  assert.deepEqual(chosenRange({ at: 23, anchor: 2 }, 10), { first: 2, last: 9 });
  assert.equal(chosenRange({ at: 23, anchor: 2 }, 0), null);
});
