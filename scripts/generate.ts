import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderClients } from "./client-types/render-clients.ts";
import { renderConfiguration } from "./render-configuration.ts";
import { renderErrorDocs } from "./render-error-docs.ts";
import { renderDashboardClient, renderOpenApi } from "./render-openapi.ts";
import { renderVersions } from "./render-versions.ts";

/**
 * Writes every generated file: openapi.json, the types of the dashboard and the clients, the configuration page, the
 * error pages, the version in other packages. With `--check` it writes nothing, and fails if one of them is out of
 * date.
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
const ERROR_DOCS = "docs/errors";

const openApi = await renderOpenApi();
const { version } = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8")) as {
  version: string;
};
const files = new Map<string, string>([
  ["openapi.json", openApi],
  ["dashboard/src/api/schema.generated.ts", await renderDashboardClient(openApi)],
  ...renderClients(openApi, version),
  ["docs/configuration.md", renderConfiguration()],
  ...Object.entries(renderErrorDocs()).map(([name, text]) => [join(ERROR_DOCS, name), text] as const),
  ...Object.entries(renderVersions(PROJECT_DIR)),
]);

const onDisk = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : null);
const stale = [...files]
  .filter(([path, text]) => onDisk(join(PROJECT_DIR, path)) !== text)
  .map(([path]) => path);
const errorDocsDir = join(PROJECT_DIR, ERROR_DOCS);
const leftOver = (existsSync(errorDocsDir) ? readdirSync(errorDocsDir) : [])
  .map((name) => join(ERROR_DOCS, name))
  .filter((path) => !files.has(path));

if (process.argv.includes("--check")) {
  for (const path of [...stale, ...leftOver]) console.error(`not fresh: ${path}`);
  if (stale.length + leftOver.length > 0) {
    console.error("Run `npm run generate` and commit what it writes.");
    process.exitCode = 1;
  }
} else {
  for (const path of leftOver) rmSync(join(PROJECT_DIR, path));
  for (const path of stale) {
    const target = join(PROJECT_DIR, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, files.get(path) ?? "");
    console.log(`wrote ${path}`);
  }
}
