import { readFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT_DIR = join(import.meta.dirname, "..");

/** The version in package.json, beside the sources and beside the built program alike. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PROJECT_DIR, "package.json"), "utf8"));
  return (manifest as { version: string }).version;
}
