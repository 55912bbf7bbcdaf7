import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { DeliveryDetail } from "../../api/types.ts";
import { deliveryCurl } from "./delivery-curl.ts";

const body = `{"type":"order.paid","data":{"note":"it's $HOME \`id\`","n":12345678901234567890}}`;
const delivery = {
  request: { method: "POST", url_preview: "https://hooks.zapier.com/…", body },
  attempts: [
    { request: { headers: { "x-old": "1" } } },
    {
      request: {
        headers: {
          "X-Api.Key": "[redacted]",
          "content-type": "application/json",
          "content-length": "9",
          "webhook-id": "w'1",
        },
      },
    },
  ],
} as unknown as DeliveryDetail;

test("sends the latest request's headers and exact body to a URL from the environment", () => {
  const command = deliveryCurl(delivery) ?? "";
  const shell = `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n${command}`;
  const env = { WEBHOOK_URL: "https://example.test/hook", HEADER_X_API_KEY: "s3cr3t value" };
  const words = execFileSync("/bin/sh", ["-c", shell], { encoding: "utf8", env }).split("\0").slice(0, -1);
  assert.deepEqual(words, [
    "-X",
    "POST",
    "https://example.test/hook",
    "-H",
    "X-Api.Key: s3cr3t value",
    "-H",
    "content-type: application/json",
    "-H",
    "webhook-id: w'1",
    "--data-raw",
    body,
  ]);
});

test("shows only the URL's preview", () => {
  assert.match(
    deliveryCurl(delivery) ?? "",
    /^# WEBHOOK_URL is the whole URL of https:\/\/hooks\.zapier\.com\/…\n/,
  );
});

test("returns null once the payload is deleted", () => {
  assert.equal(deliveryCurl({ ...delivery, request: { ...delivery.request, body: null } } as never), null);
});
