import { spawnSync } from "node:child_process";

/**
 * For `skip`: why a test cannot run on this machine, or false. With CI=true nothing is skipped: a missing program fails
 * the test.
 */
export function needs(...commands: readonly string[]): string | false {
  if (process.env["CI"] === "true") return false;
  const missing = commands.filter((command) => spawnSync(command, ["--help"]).error !== undefined);
  return missing.length === 0 ? false : `needs ${missing.join(", ")}`;
}
