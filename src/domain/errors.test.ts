import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ERRORS, type ErrorCode, OpenSendError } from "./errors.ts";

suite("the table of errors", () => {
  /** The status that the API's contract promises for each case. */
  const STATUSES: Record<number, readonly ErrorCode[]> = {
    400: ["malformed_json", "invalid_request", "invalid_id", "invalid_cursor", "idempotency_not_supported"],
    401: ["unauthenticated", "invalid_sign_in"],
    403: ["forbidden", "cross_origin", "setup_closed", "invalid_setup_token", "no_workspace"],
    404: ["not_found", "invitation_invalid", "password_reset_invalid"],
    405: ["method_not_allowed"],
    408: ["request_timeout"],
    409: [
      "not_connected",
      "no_signing_secret",
      "rotation_under_way",
      "delivery_state",
      "payload_deleted",
      "replay_state",
      "event_id_reused",
      "idempotency_key_reused",
      "idempotency_key_in_use",
      "email_taken",
      "external_id_taken",
      "already_member",
      "last_owner",
      "limit_reached",
      "workspace_changed",
      "credentials_unreadable",
      "mail_not_configured",
    ],
    412: ["version_conflict"],
    413: ["body_too_large"],
    414: ["uri_too_long"],
    415: ["unsupported_media_type"],
    422: ["validation_failed", "unsafe_url"],
    429: ["rate_limited", "sign_in_throttled"],
    431: ["headers_too_large"],
    500: ["internal"],
    503: ["overloaded"],
  };
  const statusOf = new Map(
    Object.entries(STATUSES).flatMap(([status, codes]) =>
      codes.map((code) => [code, Number(status)] as const),
    ),
  );

  for (const [code, row] of Object.entries(ERRORS)) {
    test(`responds to ${code} with ${row.status}`, () => {
      assert.equal(row.status, statusOf.get(code as ErrorCode));
    });

    test(`has the contents of a page for ${code}: title, cause and fix`, () => {
      assert.match(code, /^[a-z]+(_[a-z]+)*$/);
      assert.match(row.title, /^[A-Z].*[^.]$/);
      for (const text of [row.cause, row.fix]) {
        assert.match(text, /^[A-Z].{20,}\.$/);
        assert.doesNotMatch(text, /undefined|TODO|!|\boops\b/i);
      }
    });
  }

  test("has every error of the contract", () => {
    assert.deepEqual(Object.keys(ERRORS).sort(), [...statusOf.keys()].sort());
  });

  test("has a unique title for every error", () => {
    const titles = Object.values(ERRORS).map((row) => row.title);
    assert.equal(new Set(titles).size, titles.length);
  });
});

suite("an OpenSendError", () => {
  test("keeps its cause out of the public message", () => {
    const cause = new Error("password authentication failed for user s3cr3t");
    const error = new OpenSendError("overloaded", "The database is unreachable.", { cause });
    assert.equal(error.message, "overloaded: The database is unreachable.");
    assert.equal(error.detail, "The database is unreachable.");
    assert.equal(error.cause, cause);
    assert.ok(!JSON.stringify({ ...error }).includes("s3cr3t"));
  });

  test("has no fields, no waiting time and no cause unless they are given", () => {
    const error = new OpenSendError("not_found", "There is no such connection.");
    assert.deepEqual([error.fields, error.retryAfterSeconds], [[], null]);
    assert.ok(!("cause" in error));
    const fields = [{ path: "name", message: "is too long" }];
    const full = new OpenSendError("validation_failed", "One field is wrong.", {
      fields,
      retryAfterSeconds: 3,
    });
    assert.deepEqual([full.fields, full.retryAfterSeconds], [fields, 3]);
  });
});
