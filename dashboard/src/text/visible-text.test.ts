import assert from "node:assert/strict";
import { test } from "node:test";
import { visibleText } from "./visible-text.ts";

const shown = (text: string) =>
  visibleText(text)
    .map((run) => run.text)
    .join("");

test("leaves ordinary text, line feeds and tabs unchanged", () => {
  assert.deepEqual(visibleText("a\tb\r\nc ü 漢 🙂"), [{ text: "a\tb\nc ü 漢 🙂", isMarker: false }]);
});

test("shows control characters as control pictures", () => {
  assert.equal(shown("a\u0000b\u001b[31mred\u007f\r"), "a␀b␛[31mred␡␍");
});

test("shows the code point of characters that reverse or hide text", () => {
  assert.equal(shown("user\u202Eexe.txt\u2066\u200B"), "user⟨U+202E⟩exe.txt⟨U+2066⟩⟨U+200B⟩");
  assert.equal(shown("\u{E0041}\u0085\u2028\ud800"), "⟨U+E0041⟩⟨U+0085⟩⟨U+2028⟩⟨U+D800⟩");
});

test("joins neighboring markers into one run", () => {
  assert.deepEqual(visibleText("\u0000".repeat(3)), [{ text: "␀␀␀", isMarker: true }]);
});
