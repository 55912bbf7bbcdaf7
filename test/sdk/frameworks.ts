import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RunningExample, startExample } from "../support/example.ts";
import type { Setting } from "./contract.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const EXAMPLES_DIR = join(PROJECT_DIR, "clients", "typescript", "examples");
/** The packages that the examples import in addition to the client. */
const PACKAGES = ["express", "fastify", "hono", "@hono", "pg"];

/** Copies the examples to a place where they find the published form of the client. */
export function installExamples(folder: string): string {
  const target = join(folder, "examples");
  cpSync(EXAMPLES_DIR, target, { recursive: true });
  cpSync(join(import.meta.dirname, "serve-route.ts"), join(target, "serve-route.ts"));
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const name of PACKAGES) {
    symlinkSync(join(PROJECT_DIR, "node_modules", name), join(folder, "node_modules", name));
  }
  return target;
}

/** Sends each example a real delivery, and the same request again with another body. */
export function frameworks(examples: () => string, setting: () => Setting): void {
  for (const [name, file, route] of [
    ["Express", "express.mjs"],
    ["Fastify", "fastify.mjs"],
    ["Hono", "hono.mjs"],
    ["Next.js", "serve-route.ts", "next/route.ts"],
  ] as const) {
    test(`${name} accepts a delivery, and refuses a tampered one`, async (t) => {
      const args = [file, ...(route === undefined ? [] : [route])].map((path) => join(examples(), path));
      const example = await startExample(process.execPath, args, setting().secret);
      t.after(() => example.stop());
      const { body, headers } = await deliver(example, setting());
      for (const [sent, status] of [
        [body, 200],
        [body.replace("integration.test", "integration.tesT"), 401],
      ] as const) {
        const response = await fetch(`${example.url}/webhooks`, { method: "POST", headers, body: sent });
        assert.equal(response.status, status);
      }
      const unsigned = await fetch(`${example.url}/webhooks`, { method: "POST", body });
      assert.deepEqual([unsigned.status, await unsigned.json()], [401, { error: "missing_header" }]);
    });
  }
}

/** The request of a test event that the example has accepted. */
async function deliver(example: RunningExample, { url, key, secret }: Setting) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const connection = {
    webhook_url: `${example.url}/webhooks`,
    signing_secret: secret,
    event_types: ["none"],
  };
  const created = await fetch(`${url}/api/integrations/webhook`, {
    method: "POST",
    headers,
    body: JSON.stringify(connection),
  });
  const { data } = (await created.json()) as { data: { id: string } };
  const path = `${url}/api/integrations/connections/${data.id}/test`;
  const tested = await fetch(path, { method: "POST", headers: { authorization: headers.authorization } });
  const { delivery } = (await tested.json()) as {
    delivery: { ok: boolean; event_id: string; request: { headers: Record<string, string>; body: string } };
  };
  assert.equal(delivery.ok, true, JSON.stringify(delivery));
  await example.printed(delivery.event_id);
  return delivery.request;
}
