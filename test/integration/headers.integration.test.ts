import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { ApiClient } from "../support/api-client.ts";
import { type RunningServer, startServer } from "../support/server.ts";

let server: RunningServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

it("sends headers with API responses that let a browser load, frame, sniff and cache nothing", async () => {
  const { headers } = await new ApiClient(server.url).get("/api/health");
  assert.equal(
    headers.get("content-security-policy"),
    "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
  );
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("x-frame-options"), "SAMEORIGIN");
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("strict-transport-security"), null, "plain http");
  assert.equal(headers.get("access-control-allow-origin"), null);
});

it("lets no one cache API responses for encoded or unknown paths", async () => {
  const client = new ApiClient(server.url);
  for (const path of ["/%61pi/health", "/ap%69/session/", "/api/nowhere", "/%61pi/nowhere", "/nowhere"]) {
    assert.equal((await client.get(path)).headers.get("cache-control"), "no-store", path);
  }
  for (const path of ["/api/nowhere", "/%61pi/nowhere", "/docs/nowhere", "/%61ssets/nowhere.js"]) {
    const { status, headers } = await client.get(path, { accept: "text/html" });
    assert.equal(status, 404, path);
    assert.equal(headers.get("content-type")?.split(";")[0], "application/problem+json", path);
  }
});

it("sends the documentation with a policy that allows no inline scripts or styles", async () => {
  for (const path of ["/docs", "/docs/errors/not_found"]) {
    const { headers, text } = await new ApiClient(server.url).get(path, { accept: "text/html" });
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'.*script-src 'self';.*base-uri 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|nonce/);
    assert.doesNotMatch(text, /<script>|<style|\sstyle=/);
  }
});
