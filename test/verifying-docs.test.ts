import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { verify } from "../src/cli/receiver.ts";
import { opensendSignature } from "../src/crypto/opensend-signature.ts";
import { standardWebhooksSignature } from "../src/crypto/standard-webhooks.ts";
import { needs } from "./support/needs.ts";

type Vector = {
  readonly secret: string;
  readonly "webhook-id": string;
  readonly timestamp: number;
  readonly body: string;
  readonly "x-opensend-signature": string;
  readonly "webhook-signature": string;
};

const page = readFileSync(join(import.meta.dirname, "..", "docs", "verifying.md"), "utf8");
const vectors = JSON.parse(lastBlock("json")) as Vector[];

test("the test vectors contain a plain, a whsec_ and a non-ASCII secret", () => {
  const secrets = vectors.map(({ secret }) => secret);
  assert.ok(secrets.some((secret) => secret.startsWith("whsec_")));
  assert.ok(secrets.some((secret) => /[^\p{ASCII}]/u.test(secret)));
  assert.ok(secrets.some((secret) => /^[a-z-]+$/.test(secret)));
});

test("the code computes the signatures of the test vectors", () => {
  for (const vector of vectors) {
    const { secret, "webhook-id": id, timestamp, body } = vector;
    assert.equal(opensendSignature(secret, timestamp, body), vector["x-opensend-signature"]);
    assert.equal(standardWebhooksSignature(secret, { id, timestamp, body }), vector["webhook-signature"]);
  }
});

test("`opensend listen` accepts the test vectors within the documented tolerance", () => {
  for (const { secret, timestamp, body, "x-opensend-signature": signature } of vectors) {
    const headers = { "x-opensend-timestamp": String(timestamp), "x-opensend-signature": signature };
    const stateAt = (second: number) => verify(secret, headers, body, second * 1000).state;
    assert.deepEqual([stateAt(timestamp - 300), stateAt(timestamp + 300)], ["verified", "verified"]);
    assert.deepEqual([stateAt(timestamp - 301), stateAt(timestamp + 301)], ["refused", "refused"]);
  }
});

test("the openssl command of the page computes the signature of the first vector", {
  skip: needs("openssl"),
}, () => {
  const { stdout, status } = spawnSync("sh", ["-c", lastBlock("bash")], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.ok(stdout.includes(vectors[0]?.["x-opensend-signature"] ?? "no vector"), stdout);
});

function lastBlock(language: string): string {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))];
  return blocks.at(-1)?.[1] ?? "";
}
