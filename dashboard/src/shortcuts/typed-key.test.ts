import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isPaletteKey, typedKey } from "./typed-key.ts";

const PRESS = {
  key: "j",
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  defaultPrevented: false,
};
const LINK = { tagName: "A", isContentEditable: false };

describe("a typed key", () => {
  it("is the pressed key outside of fields", () => {
    assert.equal(typedKey(PRESS, LINK), "j");
    assert.equal(typedKey(PRESS, null), "j");
    assert.equal(typedKey(PRESS, { tagName: "INPUT", type: "checkbox" }), "j");
    assert.equal(typedKey({ ...PRESS, key: "?", shiftKey: true }, LINK), "?");
    assert.equal(typedKey({ ...PRESS, key: "J" }, LINK), "j", "caps lock");
    assert.equal(typedKey({ ...PRESS, key: "J", shiftKey: true }, LINK), "J");
  });

  it("is null while someone types", () => {
    for (const tagName of ["INPUT", "TEXTAREA", "SELECT"]) assert.equal(typedKey(PRESS, { tagName }), null);
    assert.equal(typedKey(PRESS, { tagName: "INPUT", type: "text" }), null);
    assert.equal(typedKey(PRESS, { tagName: "DIV", isContentEditable: true }), null);
    assert.equal(typedKey({ ...PRESS, isComposing: true }, LINK), null);
  });

  it("is null with a modifier, or when something else has handled it", () => {
    for (const held of ["ctrlKey", "metaKey", "altKey", "defaultPrevented"] as const) {
      assert.equal(typedKey({ ...PRESS, [held]: true }, LINK), null, held);
    }
  });
});

describe("the palette's shortcut", () => {
  it("is ⌘ K on a Mac and Ctrl K elsewhere", () => {
    const control = { ...PRESS, key: "k", ctrlKey: true };
    const command = { ...PRESS, key: "k", metaKey: true };
    assert.ok(isPaletteKey(control, false));
    assert.ok(isPaletteKey(command, true));
    assert.ok(!isPaletteKey(control, true), "deletes to the end of the line");
    assert.ok(!isPaletteKey(command, false));
    assert.ok(!isPaletteKey({ ...control, shiftKey: true }, false));
    assert.ok(!isPaletteKey({ ...control, altKey: true }, false));
  });
});
