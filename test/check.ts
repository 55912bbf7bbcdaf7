import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Everything that can be said of the code without running the product: one command, all findings. */
const PROJECT_DIR = join(import.meta.dirname, "..");
const BIN = join(PROJECT_DIR, "node_modules", ".bin");
const WITHOUT_WARNING = "--disable-warning=ExperimentalWarning";
const TSC = ["node_modules/typescript-7/bin/tsc", "--noEmit", "-p"];

const CHECKS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", join(BIN, "biome"), "check", "--error-on-warnings", "."],
  ["types", process.execPath, ...TSC, "tsconfig.json"],
  ["types of the dashboard", process.execPath, ...TSC, "dashboard/tsconfig.json"],
  ["unused code", join(BIN, "knip"), "--no-progress"],
  [
    "architecture",
    process.execPath,
    WITHOUT_WARNING,
    "--test",
    "--test-reporter=dot",
    "test/architecture.test.ts",
  ],
  ["generated files", process.execPath, WITHOUT_WARNING, "scripts/generate.ts", "--check"],
];

let failed = 0;
for (const [name, command, ...args] of CHECKS) {
  const run = spawnSync(command, args, { cwd: PROJECT_DIR, encoding: "utf8" });
  const isClean = run.status === 0;
  console.log(`${isClean ? "ok  " : "FAIL"}  ${name}`);
  if (!isClean) {
    failed++;
    console.log(`${run.stdout}${run.stderr}${run.error?.message ?? ""}`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
