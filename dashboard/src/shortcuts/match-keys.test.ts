import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matchKeys, type Started } from "./match-keys.ts";

const SEQUENCES = ["g d", "g e", "j", "?"];

/** The result of each key, pressed `apartMs` after the one before. */
function type(keys: string, apartMs = 200) {
  let started: Started | null = null;
  return [...keys].map((key, index) => {
    const matched = matchKeys(SEQUENCES, started, key, index * apartMs);
    started = matched.started;
    return matched.keys;
  });
}

describe("keys", () => {
  it("match alone and in sequence", () => {
    assert.deepEqual(type("j"), ["j"]);
    assert.deepEqual(type("?"), ["?"]);
    assert.deepEqual(type("gd"), [null, "g d"]);
    assert.deepEqual(type("gejgd"), [null, "g e", "j", null, "g d"]);
  });

  it("of a sequence must follow each other quickly", () => {
    assert.deepEqual(type("gd", 1_500), [null, "g d"]);
    assert.deepEqual(type("gd", 1_501), [null, null]);
  });

  it("that do not continue a sequence end it, and can start another", () => {
    assert.deepEqual(type("gxd"), [null, null, null]);
    assert.deepEqual(type("gj"), [null, "j"]);
    assert.deepEqual(type("ggd"), [null, null, "g d"]);
  });
});
