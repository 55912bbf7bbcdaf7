import assert from "node:assert/strict";
import { test } from "node:test";
import { newSigningSecret } from "./signing-secret.ts";

test("generates whsec_ and 32 bytes in base64, different each time", () => {
  const secret = newSigningSecret();
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal(Buffer.from(secret.slice(6), "base64").length, 32);
  assert.notEqual(newSigningSecret(), secret);
});
