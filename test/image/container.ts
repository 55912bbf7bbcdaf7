import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { innermostPid } from "../support/container.ts";
import type { ImageSettings } from "./buildah.ts";

const run = promisify(execFile);
const UNSHARE = [
  "unshare",
  "--mount",
  "--pid",
  "--fork",
  "--",
  "sh",
  join(import.meta.dirname, "container.sh"),
];
const START_WITHIN_MS = 30_000;

export type ContainerPlace = {
  /** The mounted files of the image. */
  readonly root: string;
  /** The folder that is mounted at /data. */
  readonly dataDir: string;
  readonly settings: ImageSettings;
  readonly environment: Readonly<Record<string, string>>;
};

export type Container = {
  readonly output: () => string;
  /** The first match of the pattern in the output; waits for it. */
  readonly untilPrinted: (pattern: RegExp) => Promise<string>;
  /** Ends process 1 with SIGTERM. Returns its exit code. */
  readonly stop: () => Promise<number | null>;
};

/** Starts a container, with the image's own command if none is given. */
export function startContainer(place: ContainerPlace, command?: readonly string[]): Container {
  const { Entrypoint, Cmd } = place.settings;
  const [program = "", ...args] = commandIn(place, [...Entrypoint, ...(command ?? Cmd)]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return {
    output: () => output,
    untilPrinted: async (pattern) => {
      const deadline = Date.now() + START_WITHIN_MS;
      for (;;) {
        const found = pattern.exec(output)?.[1];
        if (found !== undefined) return found;
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`Not printed: ${pattern}\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    stop: async () => {
      if (child.pid !== undefined && child.exitCode === null)
        process.kill(innermostPid(child.pid), "SIGTERM");
      return ended;
    },
  };
}

/** Runs another command as the image's user, as `docker exec` and health checks do. Returns its output. */
export async function runInContainer(place: ContainerPlace, command: readonly string[]): Promise<string> {
  const [program = "", ...args] = commandIn(place, command);
  return (await run(program, args)).stdout;
}

function commandIn(
  { root, dataDir, settings, environment }: ContainerPlace,
  command: readonly string[],
): string[] {
  const own = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const started = ["env", "-i", `--chdir=${settings.WorkingDir}`, ...settings.Env, ...own, ...command];
  return [...UNSHARE, root, dataDir, settings.User, ...started];
}
