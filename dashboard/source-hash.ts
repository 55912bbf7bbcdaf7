import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const BUILD_STAMP_FILE = "build-stamp.txt";

/** The inputs of a build, relative to the dashboard's folder. */
const SOURCES = [
  "index.html",
  "vite.config.ts",
  "public",
  "src",
  "../src/domain", // pure values that the dashboard shares with the server
  "../examples", // shown on a connection's Verify page
  "../integrations/n8n-workflow",
  "../package-lock.json",
];

/** Generated during the build, from files that are already included. */
const GENERATED = /route-tree\.gen\.ts$/;

/** A hash of the contents of all dashboard sources. A missing folder counts as empty. */
export function hashSources(dashboardFolder: string): string {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of filesOf(join(dashboardFolder, source))) {
      if (GENERATED.test(file)) continue;
      hash.update(file.slice(dashboardFolder.length)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}
