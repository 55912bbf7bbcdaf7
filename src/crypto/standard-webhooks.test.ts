import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { standardWebhooksKey, standardWebhooksSignature } from "./standard-webhooks.ts";

suite("webhook-signature", () => {
  test("matches the specification's example", () => {
    const signature = standardWebhooksSignature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    });
    assert.equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  const message = fc.record({
    id: fc.uuid(),
    timestamp: fc.integer({ min: 1, max: 4_000_000_000 }),
    body: fc.string({ unit: "grapheme" }),
  });
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((array) => Buffer.from(array));

  test("matches the reference library with a whsec_ secret", () => {
    fc.assert(
      fc.property(bytes, message, (bytes, message) => {
        const secret = `whsec_${bytes.toString("base64")}`;
        const expected = new Webhook(secret).sign(
          message.id,
          new Date(message.timestamp * 1000),
          message.body,
        );
        assert.equal(standardWebhooksSignature(secret, message), expected);
      }),
    );
  });

  test("matches the reference library with the UTF-8 bytes of any other secret", () => {
    const secret = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.startsWith("whsec_"));
    fc.assert(
      fc.property(secret, message, (secret, message) => {
        const webhook = new Webhook(Buffer.from(secret), { format: "raw" });
        const expected = webhook.sign(message.id, new Date(message.timestamp * 1000), message.body);
        assert.equal(standardWebhooksSignature(secret, message), expected);
      }),
    );
  });

  test("is accepted by the reference library, and not for another body", () => {
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const timestamp = Math.floor(Date.now() / 1000);
    const body = '{"type":"order.paid"}';
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(timestamp),
      "webhook-signature": standardWebhooksSignature(secret, { id: "msg_1", timestamp, body }),
    };
    assert.deepEqual(new Webhook(secret).verify(body, headers), { type: "order.paid" });
    assert.throws(() => new Webhook(secret).verify(`${body} `, headers));
    assert.throws(() => new Webhook(secret).verify(body, { ...headers, "webhook-id": "msg_2" }));
  });
});

suite("the key of a secret", () => {
  test("is the part after whsec_, decoded from base64", () => {
    assert.deepEqual(standardWebhooksKey("whsec_AQID"), Buffer.from([1, 2, 3]));
  });

  test("is the secret itself when it has no prefix, or nothing decodable after it", () => {
    for (const secret of ["shared-secret", "pässwörter", "WHSEC_AQID", "whsec_", "whsec_!!"]) {
      assert.deepEqual(standardWebhooksKey(secret), Buffer.from(secret), secret);
    }
  });
});
