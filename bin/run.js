import { existsSync, readFileSync } from "node:fs";
import { createRequire, enableCompileCache, getCompileCacheDir } from "node:module";
import { join } from "node:path";
import { isClientCommand } from "./is-client-command.js";
import { runBundle } from "./run-bundle.js";
import { stampSources } from "./source-stamp.js";
import { tuneAfterStart, tuneForStart } from "./tune-v8.js";

const PROJECT_DIR = join(import.meta.dirname, "..");
/** A server listens well before this. */
const STARTED_AFTER_MS = 2_000;

// All of this must happen before the program is loaded, which is why it is JavaScript.
tuneForStart();
// Caches compiled code across starts, if the folder is writable.
enableCompileCache(join(PROJECT_DIR, "node_modules", ".cache", "opensend"));

const bundle = await runProgram(isClientCommand(process.argv.slice(2)));

setTimeout(() => {
  // In this order, because V8 accepts cached code only under the flags it was compiled with.
  bundle?.cacheCode();
  tuneAfterStart();
}, STARTED_AFTER_MS).unref();

/**
 * Runs the bundle, or the sources if the bundle is not current. A command that calls a server has a small bundle, for
 * which Node's own cache is enough.
 *
 * @param {boolean} isClient
 */
async function runProgram(isClient) {
  if (!isBundleCurrent()) {
    const source = isClient ? "client-main.ts" : "main.ts";
    await import(new URL(`../src/cli/${source}`, import.meta.url).href);
    return null;
  }
  if (!isClient) return runBundle(join(PROJECT_DIR, "dist", "main.cjs"), getCompileCacheDir());
  createRequire(import.meta.url)(join(PROJECT_DIR, "dist", "client.cjs"));
  return null;
}

/** Whether `dist` was built from these sources. A package has no sources. */
function isBundleCurrent() {
  if (!existsSync(join(PROJECT_DIR, "src"))) return true;
  const stamp = join(PROJECT_DIR, "dist", "source-stamp.txt");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampSources(PROJECT_DIR);
}
