import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { renderVersions } from "./render-versions.ts";

test("writes the version of package.json to every other place that contains it, and changes nothing else", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "opensend-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    "package.json": '{"version": "2.0.0"}',
    "deploy/helm/x/Chart.yaml": 'apiVersion: v2\nversion: 0.1.0\nappVersion: "0.1.0"\n',
    "clients/typescript/package.json":
      '{\n  "version": "0.1.0",\n  "devDependencies": {\n    "version": "1"\n  }\n}\n',
    "clients/python/pyproject.toml": '[project]\nversion = "0.1.0"\nrequires-python = ">=3.9"\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  assert.deepEqual(renderVersions(folder), {
    "deploy/helm/x/Chart.yaml": 'apiVersion: v2\nversion: 2.0.0\nappVersion: "2.0.0"\n',
    "clients/typescript/package.json":
      '{\n  "version": "2.0.0",\n  "devDependencies": {\n    "version": "1"\n  }\n}\n',
    "clients/python/pyproject.toml": '[project]\nversion = "2.0.0"\nrequires-python = ">=3.9"\n',
  });
});
