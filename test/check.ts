import { spawn } from "node:child_process";
import { join } from "node:path";

/** All checks that need no running product, run concurrently: one command, all findings. */
const PROJECT_DIR = join(import.meta.dirname, "..");
const BIN = join(PROJECT_DIR, "node_modules", ".bin");
const WITHOUT_WARNING = "--disable-warning=ExperimentalWarning";
const TSC = ["node_modules/typescript-7/bin/tsc", "--noEmit", "-p"];

const CHECKS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", join(BIN, "biome"), "check", "--error-on-warnings", "."],
  ["types", process.execPath, ...TSC, "tsconfig.json"],
  ["types of the dashboard", process.execPath, ...TSC, "dashboard/tsconfig.json"],
  ["unused code", join(BIN, "knip"), "--no-progress"],
  ["code for tests alone", join(BIN, "knip"), "--production", "--no-progress", "--include", "files,exports"],
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

const runs = CHECKS.map(([name, command, ...args]) => ({ name, ended: run(command, args) }));
let failed = 0;
for (const { name, ended } of runs) {
  const { isClean, output } = await ended;
  console.log(`${isClean ? "ok  " : "FAIL"}  ${name}`);
  if (!isClean) {
    failed++;
    console.log(output);
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function run(command: string, args: readonly string[]): Promise<{ isClean: boolean; output: string }> {
  const child = spawn(command, args, { cwd: PROJECT_DIR, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ isClean: false, output: error.message }));
    child.once("close", (status) => resolve({ isClean: status === 0, output }));
  });
}
