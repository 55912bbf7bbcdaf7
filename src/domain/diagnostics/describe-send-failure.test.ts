import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SEND_FAILURE_CODES } from "../outcome.ts";
import { describeSendFailure } from "./describe-send-failure.ts";

suite("the sentence for a send failure", () => {
  for (const code of SEND_FAILURE_CODES) {
    test(`with ${code} is one public sentence`, () => {
      const sentence = describeSendFailure({ code, stage: "connect", detail: "s3cr3t at /hooks/s3cr3t" });
      assert.match(sentence, /^(The|No|OpenSend) [^.]+\.$/);
      assert.doesNotMatch(sentence, /s3cr3t|\//);
    });
  }

  test("is different for every code", () => {
    const sentences = SEND_FAILURE_CODES.map((code) => describeSendFailure({ code, stage: "dns" }));
    assert.equal(new Set(sentences).size, SEND_FAILURE_CODES.length);
  });
});
