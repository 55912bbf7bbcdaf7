import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");

/**
 * Copies committed and new files, but no ignored ones, so that nothing else ends up in the build. Returns the folder.
 */
export function copyCheckout(folder: string): string {
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: PROJECT_DIR,
    encoding: "utf8",
  });
  for (const name of names.split("\0")) {
    const source = join(PROJECT_DIR, name);
    if (name !== "" && existsSync(source)) cpSync(source, join(folder, name));
  }
  return folder;
}
