import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that a build of the site depends on. */
const SOURCES = [
  "*.md",
  "LICENSE",
  "docs/**/*.{md,png}",
  "{examples,clients,deploy,integrations}/**/*.*",
  "openapi.json",
  "docs-site/**/*.{ts,js,css}",
  "dashboard/src/styles/{tokens,fonts}.css",
  "dashboard/public/favicon.svg",
  "package-lock.json",
];

/** A hash over the contents of all sources. */
export function hashSources(projectDir: string): string {
  const hash = createHash("sha256");
  const paths = globSync(SOURCES, {
    cwd: projectDir,
    exclude: ["docs-site/dist/**", "**/node_modules/**"],
  }).sort();
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(projectDir, path)));
  return hash.digest("hex");
}
