import assert from "node:assert/strict";
import { test } from "node:test";
import { type PickerState, pickerMove } from "./picker-keys.ts";

const open: PickerState = { isOpen: true, highlighted: 0, options: 3, text: "", chosen: 0 };
const closed: PickerState = { ...open, isOpen: false, highlighted: -1 };

test("arrow keys open the list and wrap around in it", () => {
  assert.deepEqual(pickerMove("ArrowDown", closed), { action: "open" });
  assert.deepEqual(pickerMove("ArrowDown", { ...open, highlighted: 2 }), { action: "highlight", index: 0 });
  assert.deepEqual(pickerMove("ArrowUp", open), { action: "highlight", index: 2 });
  assert.deepEqual(pickerMove("ArrowUp", { ...open, highlighted: -1 }), { action: "highlight", index: 2 });
  assert.deepEqual(pickerMove("ArrowDown", { ...open, highlighted: -1 }), { action: "highlight", index: 0 });
  assert.equal(pickerMove("ArrowDown", { ...open, options: 0 }), null);
});

test("Enter selects the highlighted option, and nothing else", () => {
  assert.deepEqual(pickerMove("Enter", { ...open, highlighted: 1 }), { action: "choose", index: 1 });
  assert.equal(pickerMove("Enter", { ...open, highlighted: -1 }), null);
  assert.equal(pickerMove("Enter", { ...open, highlighted: 5 }), null, "the list became shorter");
});

test("Escape closes the list, then clears the text, then is left to the page", () => {
  assert.deepEqual(pickerMove("Escape", { ...open, text: "a" }), { action: "close" });
  assert.deepEqual(pickerMove("Escape", { ...closed, text: "a" }), { action: "clear-text" });
  assert.equal(pickerMove("Escape", closed), null);
});

test("Backspace removes the last choice only from an empty field", () => {
  assert.deepEqual(pickerMove("Backspace", { ...open, chosen: 2 }), { action: "remove-last" });
  assert.equal(pickerMove("Backspace", { ...open, chosen: 2, text: "a" }), null);
  assert.equal(pickerMove("Backspace", open), null);
});
