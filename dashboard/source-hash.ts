import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const BUILD_STAMP_FILE = "build-stamp.txt";

/** Everything a build depends on, relative to the dashboard's folder. */
const SOURCES = [
  "index.html",
  "vite.config.ts",
  "public",
  "src",
  "../src/domain", // pure values the dashboard shares with the server
  "../examples", // shown on a connection's Verify page
  "../integrations/n8n-workflow",
  "../package-lock.json",
];

/** Generated while building, from files that are counted already. */
const GENERATED = /route-tree\.gen\.ts$/;

/** A hash over the contents of all sources of the dashboard. Missing folders count as empty. */
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
