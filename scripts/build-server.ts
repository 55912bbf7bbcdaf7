import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { RolldownOutput } from "rolldown";
import { stampSources } from "../bin/source-stamp.js";

const PROJECT_DIR = join(import.meta.dirname, "..");
const DIST = join(PROJECT_DIR, "dist");
const STAMP_FILE = join(DIST, "source-stamp.txt");
/** A running program may still load parts of the previous build. */
const OLD_FILE_MS = 24 * 60 * 60 * 1000;
/** Optional imports of pg and Fastify: native bindings, compilers that zod replaces, requests without a socket. */
const NEVER_LOADED = [
  "pg-native",
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
];
const NOT_ASCII = /[\u0080-\uffff]/g;
/** Log entries contain the class name of an error. */
const NAMES = { class: true, function: false };
/** Without the names of locals and functions and without white space, the package is less than half as large. */
const SMALL = {
  compress: { keepNames: NAMES },
  mangle: { keepNames: NAMES },
  codegen: { removeWhitespace: true },
};
/** For a package: rebuilds everything, minified, and removes the files of earlier builds. */
const isForPackage = process.argv.includes("--package");

/**
 * Bundles the server with its packages into `dist/`, unless the bundle there is current. Names and lines stay readable
 * in stack traces.
 */
async function buildServer(): Promise<void> {
  // Read before the build, so that a file that changes during the build makes the bundle stale.
  const stamp = stampSources(PROJECT_DIR);
  const isCurrent = existsSync(STAMP_FILE) && readFileSync(STAMP_FILE, "utf8") === stamp;
  if (isCurrent && !isForPackage) return;
  const bundler = await import("rolldown").catch(() => null);
  // Without development packages, the program runs from its sources.
  if (bundler === null) {
    if (isForPackage) throw new Error("rolldown is not installed. Run `npm install`.");
    return;
  }
  const build = (input: Record<string, string>) => buildBundle(bundler, input);
  const built = await Promise.all([
    build({ main: "src/cli/main.ts", "long-body-thread": "src/http/long-body-thread.ts" }),
    // A separate bundle for commands that call a server, so that these load nothing of the server.
    build({ client: "src/cli/client-main.ts" }),
  ]);
  const output = built.flatMap((bundle) => bundle.output);
  try {
    writeBundle(output, stamp);
  } catch (error) {
    if (isForPackage) throw error;
    console.warn(`The bundle of the server was not written, so its sources run. ${String(error)}`);
  }
}

function buildBundle(
  { build }: typeof import("rolldown"),
  input: Record<string, string>,
): Promise<RolldownOutput> {
  return build({
    cwd: PROJECT_DIR,
    input,
    platform: "node",
    external: NEVER_LOADED,
    logLevel: "warn",
    write: false,
    output: {
      // The only format whose compiled code can be cached as a whole (bin/run-bundle.js).
      format: "cjs",
      strict: true,
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
      minify: isForPackage ? SMALL : false,
      comments: { legal: true, annotation: false, jsdoc: false },
      // In a package the minifier keeps the names of classes.
      keepNames: !isForPackage,
    },
  });
}

function writeBundle(output: RolldownOutput["output"][number][], stamp: string): void {
  if (isForPackage) rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  removeOldFiles();
  rmSync(STAMP_FILE, { force: true });
  for (const part of output) {
    if (part.type === "chunk") replaceFile(join(DIST, part.fileName), escapeToAscii(part.code));
  }
  // Without a stamp, a checkout builds a readable bundle at its next start.
  if (!isForPackage) replaceFile(STAMP_FILE, stamp);
}

/** Atomic, because another process may read or build the file at the same time. */
function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** V8 stores a source with two bytes per character if any character needs them. Breaks only `String.raw`. */
function escapeToAscii(code: string): string {
  return code.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function removeOldFiles(): void {
  for (const name of readdirSync(DIST)) {
    const path = join(DIST, name);
    if (statSync(path).mtimeMs < Date.now() - OLD_FILE_MS) rmSync(path, { recursive: true });
  }
}

await buildServer();
