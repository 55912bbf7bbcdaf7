import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RunningExample, startExample } from "../support/example.ts";
import { until } from "../support/until.ts";
import type { Setting } from "./contract.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const EXAMPLES_DIR = join(PROJECT_DIR, "clients", "typescript", "examples");
/** The packages that the examples import in addition to the client. */
const PACKAGES = ["express", "fastify", "hono", "@hono", "pg"];

/** A body whose bytes change when it is parsed and serialized again. */
const DATA = '{"price":1.10,"note":"Käse <&> 🧀"}';

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
      await checkReceiver(example, setting());
    });
  }
}

/** Sends an example a delivery, the same delivery with a changed body, and an unsigned request. */
export async function checkReceiver(example: RunningExample, setting: Setting): Promise<void> {
  const { body, headers } = await deliver(example, setting);
  assert.ok(body.endsWith(`"data":${DATA}}`), body);
  for (const [sent, status] of [
    [body, 200],
    [body.replace("Käse", "Kase"), 401],
  ] as const) {
    const response = await fetch(`${example.url}/webhooks`, { method: "POST", headers, body: sent });
    assert.equal(response.status, status);
  }
  const unsigned = await fetch(`${example.url}/webhooks`, { method: "POST", body });
  assert.deepEqual([unsigned.status, await unsigned.json()], [401, { error: "missing_header" }]);
}

/** The request of an accepted event, as received by the receiver of all events, which has the same secret. */
async function deliver(example: RunningExample, { url, key, secret, prefix, receiver }: Setting) {
  const call = async (path: string, body: string) => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body,
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return JSON.parse(text).data;
  };
  const type = `${prefix}.${new URL(example.url).port}`;
  const connection = {
    webhook_url: `${example.url}/webhooks`,
    signing_secret: secret,
    event_types: [type],
  };
  await call("/api/integrations/webhook", JSON.stringify(connection));
  const event = await call("/api/events", `{"type":"${type}","data":${DATA}}`);
  // The example prints the id of an event only after it has verified the signature.
  await example.printed(event.id);
  const sent = () => receiver.received.find(({ headers }) => headers["webhook-id"] === event.id);
  await until(() => sent() !== undefined, "the receiver has the same event");
  const { headers = {}, body = "" } = sent() ?? {};
  const signed = Object.entries(headers).filter(([name]) => /^(?:webhook|x-opensend)-/.test(name));
  return { body, headers: Object.fromEntries(signed) as Record<string, string> };
}
