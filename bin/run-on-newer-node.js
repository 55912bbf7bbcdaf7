import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PROGRAM = join(import.meta.dirname, "run.js");
const FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "--"];
/** @type {NodeJS.Signals[]} */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

const node = findNode();
if (node === null) {
  console.error(
    `opensend: Node.js 24 or newer is needed, and this is ${process.version}. Install a newer Node.js, or run ` +
      "`npm install-scripts approve node` and `npm rebuild node` where opensend is installed, so that the Node.js that comes with it is set up.",
  );
  process.exitCode = 1;
} else run(node);

/** The Node.js of the package `node`, a dependency of this package. */
function findNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const file = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/**
 * Runs the program in a child process: forwards signals to it, and ends with its exit code or signal.
 *
 * @param {string} file
 */
function run(file) {
  const child = spawn(file, [...FLAGS, PROGRAM, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both processes, and the program would treat a second one as a demand to stop
  // immediately.
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  }
  child.once("error", (error) => {
    console.error(`opensend: ${file} could not be run. ${error.message}`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
