import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");

/** Copies what is committed or about to be, so that nothing else gets into what is built from it. Returns the folder. */
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
