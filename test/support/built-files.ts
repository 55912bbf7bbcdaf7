import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BuiltFiles, FileFolders, PackedFiles, packFiles } from "../../src/http/built-files.ts";

/** A script that compresses well. */
export const LARGE_SCRIPT = `console.log("${"dashboard ".repeat(500)}")`;
export const SCRIPT = 'console.log("dashboard")';

const FILES = new Map(
  Object.entries({
    "dashboard/index.html": "<!doctype html><title>Dashboard</title>",
    "dashboard/favicon.svg": "<svg/>",
    "dashboard/assets/app-Ab_9.js": SCRIPT,
    "dashboard/assets/style.css": "a { color: red }",
    "dashboard/assets/large-Cd_8.js": LARGE_SCRIPT,
    "docs/index.html": "<!doctype html><title>Documentation</title>",
    "docs/page/index.html": `<!doctype html><title>Page</title>${"<p>text".repeat(500)}`,
  }).map(([path, content]) => [path, Buffer.from(content)] as const),
);

type Built = { readonly files: BuiltFiles; readonly remove: () => void };

/** Folders in the form of a checkout's builds, with a build stamp. */
export function makeFolders(): Built {
  const folder = mkdtempSync(join(tmpdir(), "opensend-built-"));
  for (const [path, content] of [...FILES, ["dashboard/build-stamp.txt", "a hash of the sources"] as const]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const files = new FileFolders({ dashboard: join(folder, "dashboard"), docs: join(folder, "docs") });
  return { files, remove: () => rmSync(folder, { recursive: true }) };
}

/** The same files packed as in the npm package. */
export function makePacked(): Built {
  const folder = mkdtempSync(join(tmpdir(), "opensend-packed-"));
  const file = join(folder, "pages.br");
  writeFileSync(file, packFiles(FILES));
  return { files: new PackedFiles(file), remove: () => rmSync(folder, { recursive: true }) };
}
