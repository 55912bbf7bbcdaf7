import { execFileSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { memoryFolder } from "./support/memory-folder.ts";
import { sharePostgres } from "./support/shared-postgres.ts";

/**
 * Runs the tests against both databases. A PostgreSQL server is started when the first test needs it, unless
 * OPENSEND_TEST_POSTGRES_URL names one where databases can be created.
 *
 *   node test/run.ts [--e2e] [--name <pattern>] [file …]
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
/** A test that hangs must fail. */
const TEST_TIMEOUT_MS = 180_000;
/** Concurrent files per core: most wait for processes and timers as long as they compute; browsers wait less. */
const FILES_PER_CORE = { browser: 1.5, other: 2 };
/** More files would need more connections than the PostgreSQL server allows. */
const FILES_MAX = 8;

const { values, positionals } = parseArgs({
  options: { e2e: { type: "boolean", default: false }, name: { type: "string" } },
  allowPositionals: true,
});
const chosen = positionals.length > 0 ? positionals : values.e2e ? browserTests() : everyOtherTest();

// The server serves the built documentation. Checking whether it is stale takes half a second.
execFileSync(process.execPath, [join(PROJECT_DIR, "docs-site", "build.ts"), "--if-stale"], {
  stdio: "inherit",
});

const folder = mkdtempSync(join(memoryFolder(), "opensend-run-"));
// PostgreSQL must be able to enter the folder: if started by root, it runs as another user.
chmodSync(folder, 0o711);
const postgres = await sharePostgres(folder);
Object.assign(process.env, postgres.environment, {
  TMPDIR: folder,
  // A lost DNS reply then costs one second instead of five.
  RES_OPTIONS: "timeout:1",
  // Shared with the program, which loads the same files.
  NODE_COMPILE_CACHE: join(PROJECT_DIR, "node_modules/.cache/opensend"),
});
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const results = run({
  cwd: PROJECT_DIR,
  files: inFewProcesses(chosen),
  concurrency: Math.min(
    FILES_MAX,
    Math.floor(availableParallelism() * FILES_PER_CORE[values.e2e ? "browser" : "other"]),
  ),
  timeout: TEST_TIMEOUT_MS,
  execArgv: ["--disable-warning=ExperimentalWarning"],
  ...(values.name === undefined ? {} : { testNamePatterns: [values.name] }),
});
results.on("test:summary", ({ file, success }) => {
  if (file === undefined && !success) process.exitCode = 1;
});
results.compose(spec).pipe(process.stdout);
results.once("end", () => postgres.stop());

/** Unit tests share one process, because starting a process takes longer than running them. */
function inFewProcesses(files: readonly string[]): string[] {
  const isPure = (path: string) => path.endsWith(".test.ts") && !/\.integration\.|^test\/e2e\//.test(path);
  const pure = files.filter(isPure);
  if (pure.length < 2) return [...files];
  process.env["OPENSEND_TEST_PURE_FILES"] = pure.join("\n");
  return ["test/support/pure-files.ts", ...files.filter((path) => !isPure(path))];
}

function everyOtherTest(): string[] {
  return globSync("{src,test,scripts,dashboard/src,docs-site}/**/*.test.ts", { cwd: PROJECT_DIR })
    .filter((path) => !path.startsWith("test/e2e/"))
    .sort();
}

function browserTests(): string[] {
  return globSync("test/e2e/**/*.test.ts", { cwd: PROJECT_DIR }).sort();
}
