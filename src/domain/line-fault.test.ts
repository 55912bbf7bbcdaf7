import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findLineFault } from "./line-fault.ts";

suite("an invisible name", () => {
  const NAMES: Record<string, string> = {
    "a zero width space": "\u200b",
    "a word joiner and a soft hyphen": "\u2060\u00ad",
    "a byte order mark": "\ufeff",
    "Hangul fillers": "\u3164\u115f\uffa0",
    "a variation selector": "\ufe0f",
    "tag characters": "\u{e0041}\u{e007f}",
    "a braille blank": "\u2800",
    "spaces of all kinds": "\u00a0\u2003\u3000",
    "a combining mark": "\u0308",
    "an invisible operator": "\u2062",
    "a mark of direction": "\u200e\u061c",
  };
  for (const [what, name] of Object.entries(NAMES)) {
    test(`is refused: ${what}`, () => assert.equal(findLineFault(name), "Must contain a visible character."));
  }
});

suite("a name that changes the direction of text", () => {
  for (const code of [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]) {
    test(`is refused: U+${code.toString(16)}`, () => {
      assert.match(findLineFault(`invoice${String.fromCodePoint(code)}gnp.exe`) ?? "", /direction of text/);
    });
  }
});

test("a name with line breaks or control characters is refused", () => {
  for (const name of ["a\nb", "a\u2028b", "a\u2029b", "a\u0085b", "a\0b", "a\u007fb", "a\tb"]) {
    assert.match(findLineFault(name) ?? "", /control characters or line breaks/, JSON.stringify(name));
  }
  assert.equal(findLineFault("\ud800"), "Must be valid Unicode.");
});

test("names in all scripts are accepted, including joiners and direction marks", () => {
  for (const name of [
    "Zapier catch hook",
    "Käse 🧀",
    "👩‍👩‍👧 family",
    "❤️",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "می‌خواهم",
    "שלום\u200e (1)",
    "한국어",
    "ประเทศไทย",
    "x",
    "…",
    "-",
    "e\u0301",
  ]) {
    assert.equal(findLineFault(name), null, name);
  }
  assert.equal(findLineFault(""), null);
});
