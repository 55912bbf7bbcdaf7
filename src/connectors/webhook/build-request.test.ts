import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { RequestInput } from "../contract.ts";
import { buildRequest } from "./build-request.ts";

const INPUT: RequestInput = {
  credentials: { webhookUrl: "https://hooks.zapier.com/hooks/catch/123/abc", signingSecret: null },
  eventId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
  body: '{"type":"integration.test","created_at":"2026-06-06T00:00:00.000Z","data":{"provider":"webhook","connection_id":"uuid","connection_name":"Zapier catch hook"}}',
  timestampSeconds: 1_780_704_000,
  version: "1.2.3",
  traceContext: null,
};

function signedWith(signingSecret: string, input: RequestInput = INPUT) {
  return buildRequest({ ...input, credentials: { ...input.credentials, signingSecret } });
}

suite("the webhook request", () => {
  test("without a signing secret has these headers and no others", () => {
    const { method, url, headers, body } = buildRequest(INPUT);
    assert.equal(method, "POST");
    assert.equal(url.href, INPUT.credentials.webhookUrl);
    assert.equal(body, INPUT.body);
    assert.deepEqual(headers, {
      "content-type": "application/json",
      "user-agent": "OpenSend/1.2.3",
      "x-opensend-integration-provider": "webhook",
      "webhook-id": INPUT.eventId,
    });
  });

  // The signatures were created with openssl.
  test("with a signing secret has both signatures, with the same timestamp", () => {
    assert.deepEqual(signedWith("optional-shared-secret").headers, {
      "content-type": "application/json",
      "user-agent": "OpenSend/1.2.3",
      "x-opensend-integration-provider": "webhook",
      "webhook-id": INPUT.eventId,
      "x-opensend-timestamp": "1780704000",
      "x-opensend-signature": "07bdc34abf7acf993ee39e8b42549c1555931210e51bce5ea4cc3eb9bfc2287c",
      "webhook-timestamp": "1780704000",
      "webhook-signature": "v1,3Du5D1sAqlVU9eY9PjQMJAYWa8kip/xTc3LxiEokvRs=",
    });
  });

  test("with a whsec_ secret is signed with its text for OpenSend, and with its bytes for Standard Webhooks", () => {
    const { headers } = signedWith("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    assert.equal(
      headers["x-opensend-signature"],
      "1b84709dc1d186083c9b7f6940acbe62223f7cff3e2d28792e51c52ce5b372cf",
    );
    assert.equal(headers["webhook-signature"], "v1,np4iFWfAs3qagp7dvf/7ADqE25+Lf/0vNWPekgC6Jcs=");
  });

  test("has signatures of both secrets during a rotation, and of the new one alone afterwards", () => {
    const expiresAt = (INPUT.timestampSeconds + 1) * 1000;
    const credentials = {
      webhookUrl: INPUT.credentials.webhookUrl,
      signingSecret: "optional-shared-secret",
      previousSecret: { secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", expiresAt },
    };
    const during = buildRequest({ ...INPUT, credentials }).headers;
    assert.equal(
      during["x-opensend-signature"],
      "07bdc34abf7acf993ee39e8b42549c1555931210e51bce5ea4cc3eb9bfc2287c",
    );
    assert.equal(
      during["x-opensend-signature-previous"],
      "1b84709dc1d186083c9b7f6940acbe62223f7cff3e2d28792e51c52ce5b372cf",
    );
    assert.equal(
      during["webhook-signature"],
      "v1,3Du5D1sAqlVU9eY9PjQMJAYWa8kip/xTc3LxiEokvRs= v1,np4iFWfAs3qagp7dvf/7ADqE25+Lf/0vNWPekgC6Jcs=",
    );
    const after = { ...INPUT, credentials, timestampSeconds: INPUT.timestampSeconds + 1 };
    assert.deepEqual(buildRequest(after).headers, signedWith("optional-shared-secret", after).headers);
  });

  test("keeps its id and changes its timestamp and signatures on a later attempt", () => {
    const first = signedWith("shared").headers;
    const second = signedWith("shared", { ...INPUT, timestampSeconds: INPUT.timestampSeconds + 5 }).headers;
    assert.equal(second["webhook-id"], first["webhook-id"]);
    assert.equal(second["x-opensend-timestamp"], "1780704005");
    assert.equal(second["webhook-timestamp"], "1780704005");
    assert.notEqual(second["x-opensend-signature"], first["x-opensend-signature"]);
    assert.notEqual(second["webhook-signature"], first["webhook-signature"]);
  });

  test("has custom headers, which are listed as sealed and replace none of OpenSend's", () => {
    const headers = [
      { name: "Authorization", value: "Bearer s3cr3t" },
      { name: "user-agent", value: "Mine" },
    ];
    const request = buildRequest({ ...INPUT, credentials: { ...INPUT.credentials, headers } });
    assert.equal(request.headers["Authorization"], "Bearer s3cr3t");
    assert.equal(request.headers["user-agent"], "OpenSend/1.2.3");
    assert.deepEqual(request.sealedHeaders, ["Authorization", "user-agent"]);
    assert.deepEqual(buildRequest(INPUT).sealedHeaders, []);
  });

  test("has the same signatures with custom headers and without", () => {
    const credentials = { ...INPUT.credentials, signingSecret: "shared" };
    const headers = [{ name: "x-a", value: "1" }];
    const { "x-a": _, ...others } = buildRequest({
      ...INPUT,
      credentials: { ...credentials, headers },
    }).headers;
    assert.deepEqual(others, buildRequest({ ...INPUT, credentials }).headers);
  });

  test("goes to the URL with port, query and fragment as entered", () => {
    const webhookUrl = "https://example.com:8443/in?token=s3cr3t#top";
    const { url } = buildRequest({ ...INPUT, credentials: { webhookUrl, signingSecret: null } });
    assert.equal(url.href, webhookUrl);
  });
});
