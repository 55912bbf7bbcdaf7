import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { innermostPid } from "./container.ts";

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const PROGRAM = join(PROJECT_DIR, "bin", "opensend.js");
/** Not the project folder, which may contain a developer's `.env`. */
const WORKING_DIR = tmpdir();
const START_DEADLINE_MS = 30_000;
/** The same flags as in the npm scripts of package.json. */
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "--"];

/** A failing test may never stop its server, so the exit of the test process does. */
const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

export type RunningServer = {
  readonly url: string;
  readonly setupUrl: string | null;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** All output of the process so far: log lines and notes. */
  readonly output: () => string;
  /** Ends the process with SIGTERM and removes its folder. Returns the exit code. */
  readonly stop: () => Promise<number | null>;
  /** Ends the program with SIGKILL, also inside a container. */
  readonly kill: () => Promise<void>;
};

export type ServerOptions = {
  readonly dataDir?: string;
  /** A command that runs the command after it, such as `inContainer`. */
  readonly within?: readonly string[];
};

/**
 * Starts the real program on a free port with its own folder. `environment` is added to a minimal environment, so that
 * the machine's variables have no effect.
 */
export async function startServer(
  environment: Record<string, string> = {},
  options: ServerOptions = {},
): Promise<RunningServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "opensend-test-"));
  const started = startProgram(
    "start",
    { PORT: "0", OPENSEND_DATA_DIR: dataDir, ...environment },
    options.within,
  );
  const url = await waitFor(started, (output) => {
    const found = /is listening on (\S+)/.exec(output)?.[1];
    // The setup link, if there is one, is printed in the same write.
    return found !== undefined && output.includes("\n", output.indexOf(found)) ? found : null;
  });
  return {
    url,
    setupUrl: /Create the owner's account: (\S+)/.exec(started.output())?.[1] ?? null,
    dataDir,
    process: started.child,
    output: started.output,
    stop: async () => {
      const code = await started.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    kill: started.kill,
  };
}

export type RunningWorker = Pick<RunningServer, "process" | "output" | "stop" | "kill">;

/** Starts a process that only delivers. */
export async function startWorker(environment: Record<string, string>): Promise<RunningWorker> {
  const started = startProgram("worker", environment);
  await waitFor(started, (output) => (output.includes("is delivering") ? true : null));
  return { process: started.child, output: started.output, stop: started.stop, kill: started.kill };
}

type StartedProgram = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly stop: () => Promise<number | null>;
  readonly kill: () => Promise<void>;
};

function startProgram(
  command: string,
  environment: Record<string, string>,
  within: readonly string[] = [],
): StartedProgram {
  const node = [process.execPath, ...NODE_FLAGS, PROGRAM, command];
  const [program = "", ...args] = [...within, ...node];
  const child = spawn(program, args, {
    cwd: WORKING_DIR,
    env: bareEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  // The child must not keep the test process from ending.
  child.unref();
  for (const pipe of [child.stdout, child.stderr]) (pipe as Socket).unref();
  children.add(child);
  child.once("exit", () => children.delete(child));
  let output = "";
  const append = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", append);
  child.stderr.on("data", append);
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const end = async (signal: NodeJS.Signals) => {
    child.ref();
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (child.pid !== undefined && !hasEnded) {
      process.kill(within.length === 0 ? child.pid : innermostPid(child.pid), signal);
    }
    return ended;
  };
  return {
    child,
    output: () => output,
    stop: () => end("SIGTERM"),
    kill: async () => {
      await end("SIGKILL");
    },
  };
}

/** Runs a command of the real program until it ends, inside another command if one is given. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
  within: readonly string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = [process.execPath, ...NODE_FLAGS, PROGRAM, ...args];
  const [first = "", ...others] = [...within, ...program];
  const child = spawn(first, others, {
    cwd: WORKING_DIR,
    env: bareEnvironment(environment),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

function bareEnvironment(environment: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, RES_OPTIONS } = process.env;
  return { PATH, HOME, TMPDIR, RES_OPTIONS, ...environment };
}

function waitFor<Found>(
  { child, output }: StartedProgram,
  find: (output: string) => Found | null,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason}\n${output()}`));
    const deadline = setTimeout(() => fail("the program did not start in time"), START_DEADLINE_MS);
    child.stderr?.on("data", () => {
      const found = find(output());
      if (found === null) return;
      clearTimeout(deadline);
      resolve(found);
    });
    child.once("exit", (code) => {
      clearTimeout(deadline);
      fail(`the program ended with code ${code}`);
    });
  });
}

/** A port that no process listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
