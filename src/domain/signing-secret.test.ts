import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { isVerifiableSecret } from "./signing-secret.ts";

const whsec = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`;

suite("a whsec_ secret", () => {
  test("has 24 to 64 bytes", () => {
    for (const bytes of [24, 25, 26, 32, 63, 64]) assert.ok(isVerifiableSecret(whsec(bytes)), `${bytes}`);
    for (const bytes of [0, 1, 16, 23, 65, 66, 128]) assert.ok(!isVerifiableSecret(whsec(bytes)), `${bytes}`);
  });

  const WRONG: Record<string, string> = {
    "text that is not base64": "whsec_not base64 at all, but long enough",
    "a hyphen of base64url": whsec(32).replaceAll("+", "-"),
    "an underscore of base64url": `whsec_${"_".repeat(32)}`,
    "no padding": whsec(32).replace("=", ""),
    "half of the padding": whsec(25).replace("==", "="),
    "too much padding": `${whsec(24)}=`,
    "padding in the middle": `whsec_AA==${"A".repeat(40)}`,
    "bits in the padding": `whsec_${"A".repeat(42)}B=`,
    "a space after it": `${whsec(32)} `,
    "a line break after it": `${whsec(32)}\n`,
    "a line break in the middle": whsec(64).replace(/.{76}/, "$&\n"),
    "a space before it": ` ${whsec(32)}`,
    "an invisible character before it": `\ufeff${whsec(32)}`,
    "quotes around it": `"${whsec(32)}"`,
    "a prefix in capitals": whsec(32).replace("whsec", "WHSEC"),
    "the prefix twice": `whsec_${whsec(32)}`,
    "a hexadecimal key of another length": `whsec_${"0f".repeat(49)}`,
  };
  for (const [what, secret] of Object.entries(WRONG)) {
    test(`is refused with ${what}`, () => assert.equal(isVerifiableSecret(secret), false));
  }

  test("that is accepted is also accepted by the reference library, as the key it encodes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (bytes) => {
        const secret = `whsec_${Buffer.from(bytes).toString("base64")}`;
        assert.ok(isVerifiableSecret(secret));
        const raw = new Webhook(bytes, { format: "raw" }).sign("id", new Date(0), "{}");
        assert.equal(new Webhook(secret).sign("id", new Date(0), "{}"), raw);
      }),
    );
  });

  test("is accepted only if decoding and encoding return it unchanged", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/]{29,90}={0,3}$/);
    fc.assert(
      fc.property(secret, (written) => {
        const bytes = Buffer.from(written, "base64");
        const isRight = bytes.toString("base64") === written && bytes.length >= 24 && bytes.length <= 64;
        assert.equal(isVerifiableSecret(`whsec_${written}`), isRight);
      }),
    );
  });
});

test("a secret without the prefix can be any text", () => {
  for (const secret of ["optional-shared-secret", "x", "my whsec_ secret", "pässwört", "whsec", "whsk_1"]) {
    assert.ok(isVerifiableSecret(secret), secret);
  }
});
