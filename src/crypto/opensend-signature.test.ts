import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { opensendSignature } from "./opensend-signature.ts";

const TIMESTAMP = 1_780_704_000;
const BODY =
  '{"type":"integration.test","created_at":"2026-06-06T00:00:00.000Z","data":{"provider":"webhook","connection_id":"uuid","connection_name":"Zapier catch hook"}}';

/** Created with `printf '%s' "$timestamp.$body" | openssl dgst -sha256 -hmac "$secret"`. */
const VECTORS = [
  ["optional-shared-secret", "07bdc34abf7acf993ee39e8b42549c1555931210e51bce5ea4cc3eb9bfc2287c"],
  ["pässwörter", "2219da72d05e21cd3c001ba02f815edaf83e75c561cdd35cf4889a30794d8a57"],
] as const;

suite("x-opensend-signature", () => {
  for (const [secret, signature] of VECTORS) {
    test(`with the secret ${secret} is what openssl computes`, () => {
      assert.equal(opensendSignature(secret, TIMESTAMP, BODY), signature);
    });
  }

  test("differs with secret, timestamp and every byte of the body", () => {
    const signatures = [
      opensendSignature("secret", TIMESTAMP, BODY),
      opensendSignature("secret ", TIMESTAMP, BODY),
      opensendSignature("secret", TIMESTAMP + 1, BODY),
      opensendSignature("secret", TIMESTAMP, `${BODY}\n`),
      opensendSignature("secret", TIMESTAMP, BODY.replace("Zapier", "zapier")),
    ];
    assert.equal(new Set(signatures).size, signatures.length);
  });

  test("uses a whsec_ secret as entered, prefix included", () => {
    assert.notEqual(
      opensendSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", TIMESTAMP, BODY),
      opensendSignature("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", TIMESTAMP, BODY),
    );
  });
});
