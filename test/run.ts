import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "./support/start-postgres.ts";

/**
 * Runs the tests against both databases. A PostgreSQL server is started for the run unless
 * OPENSEND_TEST_POSTGRES_URL names one that may create databases.
 *
 *   node test/run.ts [--e2e] [file …]
 */
const PROJECT_DIR = join(import.meta.dirname, "..");
/** A test that hangs must fail. `--test-force-exit` is no help: it ends processes before all they found is reported. */
const TEST_TIMEOUT = "--test-timeout=180000";

const args = process.argv.slice(2);
const isBrowserRun = args.includes("--e2e");
const named = args.filter((arg) => !arg.startsWith("--"));
const files = named.length > 0 ? named : isBrowserRun ? browserTests() : everyOtherTest();
/** Files at a time. They wait for processes and browsers as much as they work, so two keep two cores busy. */
const CONCURRENCY = "--test-concurrency=2";

const postgres = await startPostgres();
const run = spawn(
  process.execPath,
  ["--disable-warning=ExperimentalWarning", "--test", CONCURRENCY, TEST_TIMEOUT, ...files],
  {
    cwd: PROJECT_DIR,
    stdio: "inherit",
    env: { ...process.env, OPENSEND_TEST_POSTGRES_URL: postgres.url },
  },
);
process.exitCode = await new Promise<number>((resolve) => run.once("exit", (status) => resolve(status ?? 1)));
postgres.stop();

function everyOtherTest(): string[] {
  return globSync("{src,test,scripts,dashboard/src}/**/*.test.ts", { cwd: PROJECT_DIR })
    .filter((path) => !path.startsWith("test/e2e/"))
    .sort();
}

function browserTests(): string[] {
  return globSync("test/e2e/**/*.test.ts", { cwd: PROJECT_DIR }).sort();
}
