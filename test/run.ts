import { type ChildProcess, spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs the tests against both databases. A PostgreSQL server is started for the run unless
 * OPENSEND_TEST_POSTGRES_URL names one that may create databases.
 *
 *   node test/run.ts [--e2e] [file …]
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
const WITHOUT_WARNING = "--disable-warning=ExperimentalWarning";
const FILES_AT_ONCE = "2";
/** A test that hangs must fail, not hold the run up. */
const TEST_TIMEOUT = "--test-timeout=180000";
/** Nor may a server that a failed test left running. */
const FORCE_EXIT = "--test-force-exit";

const args = process.argv.slice(2);
const isBrowserRun = args.includes("--e2e");
const named = args.filter((arg) => !arg.startsWith("--"));
const files = named.length > 0 ? named : isBrowserRun ? browserTests() : everyOtherTest();

const given = process.env["OPENSEND_TEST_POSTGRES_URL"];
const postgres = given === undefined ? await startPostgres() : { url: given, keeper: null };
// Browser tests share the machine with Chromium, so they take turns.
const concurrency = isBrowserRun ? "1" : FILES_AT_ONCE;
const run = spawn(
  process.execPath,
  [WITHOUT_WARNING, "--test", `--test-concurrency=${concurrency}`, TEST_TIMEOUT, FORCE_EXIT, ...files],
  {
    cwd: PROJECT_DIR,
    stdio: "inherit",
    env: { ...process.env, OPENSEND_TEST_POSTGRES_URL: postgres.url },
  },
);
const code = await new Promise<number>((resolve) => run.once("exit", (status) => resolve(status ?? 1)));
postgres.keeper?.stdin?.end();
process.exitCode = code;

function everyOtherTest(): string[] {
  return globSync(["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"], { cwd: PROJECT_DIR })
    .filter((path) => !/^test\/(e2e|chaos)\//.test(path))
    .sort();
}

function browserTests(): string[] {
  return globSync("test/e2e/**/*.test.ts", { cwd: PROJECT_DIR }).sort();
}

async function startPostgres(): Promise<{ url: string; keeper: ChildProcess }> {
  const keeper = spawn(
    process.execPath,
    [WITHOUT_WARNING, join(import.meta.dirname, "support", "postgres-keeper.ts")],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    keeper.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    keeper.once("exit", (status) => reject(new Error(`PostgreSQL did not start (exit code ${status})`)));
  });
  return { url, keeper };
}
