import assert from "node:assert/strict";
import { test } from "node:test";
import { hashToken, randomToken } from "./token-hash.ts";

test("a token's hash is its SHA-256 (FIPS 180-4's example)", () => {
  assert.equal(hashToken("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("a random token is 256 bits as base64url, and different each time", () => {
  const tokens = Array.from({ length: 200 }, randomToken);
  for (const token of tokens) {
    assert.match(token, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(Buffer.from(token, "base64url").length, 32);
  }
  assert.equal(new Set(tokens).size, 200);
});
