import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { EXAMPLE_ID } from "../../docs-site/reference/example-value.ts";
import { type Document, listOperations } from "../../docs-site/reference/operations.ts";
import { samplesOf } from "../../docs-site/samples/samples.ts";
import { ERRORS } from "../../src/domain/errors.ts";
import { ApiClient } from "../support/api-client.ts";
import { makeSqlite } from "../support/databases.ts";
import { startInstance, type TestInstance } from "../support/instance.ts";
import { needs } from "../support/needs.ts";
import { sendRaw } from "../support/raw-http.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const document = JSON.parse(readFileSync(join(PROJECT_DIR, "openapi.json"), "utf8")) as Document;
const run = promisify(execFile);

describe("the documentation", () => {
  let instance: TestInstance;
  let anonymous: ApiClient;
  before(async () => {
    instance = await startInstance(makeSqlite);
    anonymous = new ApiClient(instance.server.url);
  });
  after(() => instance.remove());

  it("is served as pages that browsers revalidate by ETag", async () => {
    for (const path of [
      "/docs",
      "/docs/",
      "/docs/self-hosting",
      "/docs/api/events",
      "/docs/decisions/0003-static-documentation",
    ]) {
      const { status, headers, text } = await anonymous.get(path);
      assert.equal(status, 200, path);
      assert.equal(headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(headers.get("cache-control"), "no-cache");
      assert.match(text, /<h1>/);
      const again = await anonymous.get(path, { "if-none-match": headers.get("etag") ?? "" });
      assert.equal(again.status, 304, path);
    }
  });

  it("has a page for the `type` of every problem", async () => {
    const { body } = await anonymous.get("/api/events");
    assert.equal(body.type, `${instance.server.url}/docs/errors/unauthenticated`);
    for (const [code, { title }] of Object.entries(ERRORS)) {
      const { status, text } = await anonymous.get(`/docs/errors/${code}`);
      assert.equal(status, 200, code);
      assert.ok(text.includes(`<title>${title.replaceAll("'", "&#39;")} · OpenSend</title>`), code);
    }
  });

  it("serves scripts, styles and fonts to be cached for a year, under names that change with their content", async () => {
    const { text } = await anonymous.get("/docs");
    const assets = [...text.matchAll(/"(\/docs\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
    assert.equal(assets.length, 4);
    for (const path of assets) {
      const { status, headers } = await anonymous.get(path);
      assert.equal(status, 200, path);
      assert.equal(headers.get("cache-control"), "public, max-age=31536000, immutable");
    }
    const index = await anonymous.get("/docs/search-index.json");
    assert.match(index.headers.get("content-type") ?? "", /^application\/json/);
  });

  it("serves example files of every kind as text", async () => {
    for (const path of ["/docs/examples/node/receiver.mjs", "/docs/examples/python/receiver.py"]) {
      const { status, headers } = await anonymous.get(path);
      assert.equal(status, 200, path);
      assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    }
  });

  it("serves nothing outside its folder", async () => {
    for (const path of [
      "/docs/nowhere",
      "/docs/errors/nothing",
      "/docs/..%2f..%2fpackage.json",
      "/docs/assets/..%2f..%2f..%2fpackage.json",
      "/docs/.git/config",
      "/docs/assets",
      "/docs/assets//docs.css",
      "/docs/index.html/x",
      "/docs/%00",
      "/docs/constructor",
    ]) {
      const { status, body } = await anonymous.get(path, { accept: "text/html" });
      assert.equal(status, 404, path);
      assert.equal(body?.code, "not_found", path);
    }
    // `fetch` would resolve the dots itself.
    for (const path of ["/docs/../../package.json", "/docs/%2e%2e/%2e%2e/package.json"]) {
      const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`;
      assert.match(await sendRaw(instance.server.url, request).closed, /^HTTP\/1\.1 404 /, path);
    }
  });

  describe("samples", { skip: needs("bash", "curl", "python3") }, () => {
    const CALLS = [
      "getHealth",
      "createApiKey",
      "connectInspector",
      "updateConnection",
      "createEvent",
      "createEvents",
      "listEvents",
      "replayDeliveries",
      "exportAuditLog",
      "updateAccount",
    ];
    for (const id of CALLS) {
      it(`for ${id} run as printed, in each language`, async () => {
        const operation = listOperations(document).find((one) => one.id === id);
        assert.ok(operation !== undefined);
        for (const { language, text } of samplesOf(document, operation)) {
          const output = await runSample(language, text);
          assert.ok(output.length > 0, `${language} prints the response`);
        }
      });
    }
  });

  async function runSample(language: string, text: string): Promise<string> {
    const { body } = await instance.api.get("/api/integrations/connections");
    const code = text.replaceAll(EXAMPLE_ID, body.data[0]?.id ?? EXAMPLE_ID);
    const file = join(instance.database.dataDir, `sample.${language === "typescript" ? "mts" : language}`);
    writeFileSync(file, code);
    const program = { curl: "bash", typescript: process.execPath, python: "python3" }[language] ?? "";
    const env = {
      PATH: process.env["PATH"],
      OPENSEND_URL: instance.server.url,
      OPENSEND_API_KEY: instance.key,
      OPENSEND_COOKIE: instance.owner.cookie ?? "",
    };
    const { stdout } = await run(program, [file], { env, timeout: 20_000 });
    return stdout;
  }
});
