import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** Installs a folder's packages from its lockfile, unless they are already installed. */
export function installLocked(folder: string): void {
  const installed = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(installed) && versionsIn(installed) === versionsIn(join(folder, "package-lock.json")))
    return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    timeout: INSTALL_TIMEOUT_MS,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Leaves out optional packages, because npm skips those for other systems. */
function versionsIn(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, "utf8")) as {
    packages: Record<string, { version?: string; optional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([name, { optional }]) => name !== "" && optional !== true)
    .map(([name, { version }]) => `${name}@${version}`)
    .sort()
    .join("\n");
}
