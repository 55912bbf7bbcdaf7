import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The real program, as `npm start` runs it, in one process or several on the same database. */
export type RunningProgram = {
  readonly url: string;
  readonly setupUrl: string | null;
  readonly pids: readonly number[];
  /** The output of the processes: warnings and errors. */
  readonly output: () => string;
  /** Ends the processes with SIGTERM. @throws if one of them ends with an error. */
  readonly stop: () => Promise<void>;
};

export type ProgramOptions = {
  readonly environment: Readonly<Record<string, string>>;
  readonly workers: number;
  /** The folder for a CPU profile that the first process writes when it ends, or null for none. */
  readonly profileDir: string | null;
  /** The folder of its package.json; null for this checkout. */
  readonly dir: string | null;
};

const PROJECT_DIR = join(import.meta.dirname, "..", "..");
const START_DEADLINE_MS = 60_000;
const BIN = "bin/opensend.js";
/** Only the sources give a profile by file; the bundle is a single file. */
const SOURCES = "src/cli/main.ts";
/** The same in every process, so that each can open what another has sealed. */
export const ENCRYPTION_KEY = "Nn3Pq7vWz2Lk9Xs4Tb6Yc8Rf1Gh5Jm0D";
const FIXED_ENVIRONMENT = {
  PORT: "0",
  LOG_LEVEL: "warn",
  OPENSEND_RATE_LIMIT_PER_MINUTE: "0",
  INTEGRATION_SECRET_ENCRYPTION_KEY: ENCRYPTION_KEY,
  OPENSEND_SESSION_SECRET: "a session secret for the bench, long enough",
};

const children = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** The first process serves the API and has a worker; each further process is only a worker. */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  const environment = { ...FIXED_ENVIRONMENT, ...options.environment };
  const { profileDir } = options;
  const dir = options.dir ?? PROJECT_DIR;
  const api =
    profileDir === null
      ? launch(dir, "start", environment)
      : launch(dir, "start", environment, SOURCES, ["--cpu-prof", `--cpu-prof-dir=${profileDir}`]);
  const processes = [api];
  await ready(api);
  while (processes.length < options.workers) {
    const worker = launch(dir, workerCommand(dir), environment);
    processes.push(worker);
    await ready(worker);
  }
  const apiOutput = api.output();
  const output = () => processes.map((one) => one.output()).join("\n");
  return {
    url: /is listening on (\S+)/.exec(apiOutput)?.[1] ?? "",
    setupUrl: /Create the owner's account: (\S+)/.exec(apiOutput)?.[1] ?? null,
    pids: processes.map(({ child }) => child.pid ?? 0),
    output,
    stop: async () => {
      for (const { child } of processes) child.kill("SIGTERM");
      const codes = await Promise.all(processes.map(({ ended }) => ended));
      if (codes.some((code) => code !== 0))
        throw new Error(`ended with ${codes.join(", ")}
${output()}`);
    },
  };
}

/** Only a worker if this version has the command, otherwise a whole server that no one calls. */
function workerCommand(dir: string): string {
  return existsSync(join(dir, "src", "cli", "commands", "worker.ts")) ? "worker" : "start";
}

type Launched = {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
};

/** The flags with which the version in this folder starts itself. */
function startFlags(dir: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  return scripts.start.split(" ").filter((word) => /^--./.test(word));
}

function launch(
  dir: string,
  command: string,
  environment: Readonly<Record<string, string>>,
  program: string = BIN,
  nodeArgs: readonly string[] = [],
): Launched {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [...startFlags(dir), ...nodeArgs, program, command], {
    cwd: dir,
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  let output = "";
  for (const pipe of [child.stdout, child.stderr]) {
    pipe.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, output: () => output, ended };
}

/** Resolves when the process has printed that it runs, on standard error and in a single write. */
function ready({ child, output }: Launched): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${reason}\n${output()}`));
    const deadline = setTimeout(() => fail("the program did not start in time"), START_DEADLINE_MS);
    child.stderr?.on("data", () => {
      if (!/^OpenSend .*\n/m.test(output())) return;
      clearTimeout(deadline);
      resolve();
    });
    child.once("exit", (code) => {
      clearTimeout(deadline);
      fail(`the program ended with code ${code}`);
    });
  });
}
