import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { hashSources } from "./sources.ts";

/**
 * Builds the documentation as static files: for the server, which serves them at `/docs`, or with `--out` and `--base`
 * as a separate site.
 *
 *   node docs-site/build.ts [--if-stale] [--out <folder>] [--base <path>]
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
const STAMP_FILE = "build-stamp.txt";
/** A file that another process is writing. */
const UNFINISHED = /\.\d+$/;

const { values } = parseArgs({
  options: {
    "if-stale": { type: "boolean", default: false },
    out: { type: "string", default: join(import.meta.dirname, "dist") },
    base: { type: "string", default: "/docs" },
  },
});
const out = resolve(values.out);
const base = values.base.replace(/\/$/, "");

// A package ships the built files without sources, so there is nothing to build.
const hasSources = existsSync(join(PROJECT_DIR, "docs-site", "style.css"));
const stamp = hasSources ? `${base} ${hashSources(PROJECT_DIR)}` : "";
if (hasSources && !(values["if-stale"] && isCurrent())) await build();

function isCurrent(): boolean {
  const path = join(out, STAMP_FILE);
  return existsSync(path) && readFileSync(path, "utf8") === stamp;
}

async function build(): Promise<void> {
  const modules = await loadRenderer();
  if (modules === null) {
    console.warn("The documentation was not built: marked is not installed. Run `npm install`.");
    return;
  }
  const { assets, files } = await modules.buildAssets(PROJECT_DIR);
  const site = modules.renderSite({ projectDir: PROJECT_DIR, base, assets });
  const written = new Map<string, string | Buffer>(files);
  for (const [path, html] of site.pages) written.set(join(path, "index.html"), html);
  written.set(modules.SEARCH_INDEX, site.searchIndex);
  if (!site.isOnInstance) written.set("openapi.json", readFileSync(join(PROJECT_DIR, "openapi.json")));
  for (const { source, path } of site.files.values())
    written.set(path, readFileSync(join(PROJECT_DIR, source)));
  write(written);
}

/** Null without the development packages. */
async function loadRenderer() {
  try {
    return { ...(await import("./build-assets.ts")), ...(await import("./render-site.ts")) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

function write(files: ReadonlyMap<string, string | Buffer>): void {
  rmSync(join(out, STAMP_FILE), { force: true });
  for (const [path, content] of files) replaceFile(join(out, path), content);
  const leftOver = globSync("**/*.*", { cwd: out }).filter(
    (path) => !files.has(path) && !UNFINISHED.test(path),
  );
  for (const path of leftOver) rmSync(join(out, path), { force: true });
  replaceFile(join(out, STAMP_FILE), stamp);
}

/** Atomic, because a server may read the file and another process may build it at the same time. */
function replaceFile(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}
