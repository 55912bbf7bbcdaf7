import { readFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT_DIR = join(import.meta.dirname, "..");

/** The version in package.json, which is one folder above both the sources and the built program. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
