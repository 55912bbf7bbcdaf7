import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { opensendSignature } from "../src/crypto/opensend-signature.ts";

/** Steps for automation tools, run with stand-ins for the values that the tool passes to a step. */
const EXAMPLES_DIR = join(import.meta.dirname, "..", "examples");
const SECRET = "schlüssel & 鍵";
const EVENT = { type: "order.paid", created_at: "2026-06-06T00:00:00.000Z", data: { name: "Käse 🧀" } };
const MINUTE_S = 60;

type Request = { readonly body: string; readonly timestamp: string; readonly signature: string };
type Run = (request: Request, secret: string) => Promise<unknown>;

const text = (file: string) => readFileSync(join(EXAMPLES_DIR, file), "utf8");
const require = createRequire(import.meta.url);

/** Compiles a text to an async function, as the tools do with a step. */
function toFunction(names: readonly string[], source: string) {
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  return new AsyncFunction(...names, source) as (this: unknown, ...values: unknown[]) => Promise<unknown>;
}

const headersOf = ({ timestamp, signature }: Request) => ({
  "x-opensend-timestamp": timestamp,
  "x-opensend-signature": signature,
});

const STEPS: Record<string, Run> = {
  Zapier: (request, secret) => {
    const step = toFunction(["require", "inputData"], text("zapier/code-step.txt"));
    return step(require, { ...request, OPENSEND_SIGNING_SECRET: secret });
  },
  Pipedream: async (request, secret) => {
    const source = text("pipedream/node-step.txt")
      .replace(/^import (\{.*\}) from "(.*)";$/m, 'const $1 = require("$2");')
      .replace("export default", "return");
    const component = (await toFunction(["require", "process", "defineComponent"], source)(
      require,
      { env: { OPENSEND_SIGNING_SECRET: secret } },
      (one: unknown) => one,
    )) as { run: (input: object) => Promise<unknown> };
    return component.run({
      steps: { trigger: { event: { headers: headersOf(request), bodyRaw: request.body } } },
    });
  },
};

function signed(offsetS = 0): Request {
  const timestamp = Math.floor(Date.now() / 1000) + offsetS;
  const body = JSON.stringify(EVENT);
  return { body, timestamp: String(timestamp), signature: opensendSignature(SECRET, timestamp, body) };
}

for (const [tool, run] of Object.entries(STEPS)) {
  describe(`the step for ${tool}`, () => {
    test("passes on the event when the signature is valid", async () => {
      assert.deepEqual(await run(signed(), SECRET), EVENT);
      assert.deepEqual(await run(signed(-4 * MINUTE_S), SECRET), EVENT);
    });

    test("refuses a changed request or secret", async () => {
      const request = signed();
      const changed = { ...request, body: request.body.replace("paid", "gone") };
      await assert.rejects(run(changed, SECRET), /the signature does not match/);
      await assert.rejects(run({ ...request, signature: "" }, SECRET), /the signature does not match/);
      await assert.rejects(run(request, `${SECRET}!`), /the signature does not match/);
    });

    test("refuses stale and future timestamps with a valid signature", async () => {
      await assert.rejects(run(signed(-6 * MINUTE_S), SECRET), /too old or too new/);
      await assert.rejects(run(signed(6 * MINUTE_S), SECRET), /too old or too new/);
      await assert.rejects(run({ ...signed(), timestamp: "now" }, SECRET), /no timestamp/);
    });

    test("reports a missing secret", async () => {
      await assert.rejects(run(signed(), ""), /OPENSEND_SIGNING_SECRET is not set/);
    });
  });
}
