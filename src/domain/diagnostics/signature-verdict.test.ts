import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { explainVerdict, SIGNATURE_VERDICT_CODES } from "./signature-verdict.ts";

describe("the explanation of a verdict", () => {
  it("says what happened and why, and what to do unless the signature is valid", () => {
    const titles = SIGNATURE_VERDICT_CODES.map((code) => {
      const words = explainVerdict({ code, header: "webhook-timestamp", secret: null });
      assert.match(words.detail, /\.$/);
      assert.equal(words.action === "", code === "valid", code);
      return words.title;
    });
    assert.equal(new Set(titles).size, SIGNATURE_VERDICT_CODES.length);
  });

  it("warns that the receiver still has the secret from before a rotation", () => {
    const verdict = { code: "valid", header: "x-opensend-signature-previous", secret: "previous" } as const;
    assert.match(explainVerdict(verdict).action, /new secret/);
  });
});
