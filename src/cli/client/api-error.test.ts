import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "./api-error.ts";

test("names the fault, its field and the page that explains it", () => {
  const error = new ApiError(422, {
    type: "http://127.0.0.1:3015/docs/errors/validation_failed",
    code: "validation_failed",
    detail: "Not valid: `name`. `errors` says why. Nothing was changed.",
    request_id: "req-1",
    errors: [{ path: "name", message: "Must not be empty." }],
  });
  assert.equal(
    error.message,
    "Not valid: `name`. `errors` says why. Nothing was changed.\n  name: Must not be empty.\nSee http://127.0.0.1:3015/docs/errors/validation_failed (request req-1)",
  );
});

test("adds the fix that only this command knows", () => {
  assert.match(
    new ApiError(401, { code: "unauthenticated", detail: "No." }).message,
    /^No\.\nSet OPENSEND_API_KEY/,
  );
  assert.match(new ApiError(403, { code: "forbidden", detail: "No." }).message, /a key with more access/);
});

test("removes terminal control characters", () => {
  assert.ok(!new ApiError(400, { detail: "\u001b[2J" }).message.includes("\u001b"));
});
