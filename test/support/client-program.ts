import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { until } from "./until.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "opensend.js");
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "--"];

export type ClientEnvironment = { readonly url: string; readonly key: string | null };

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A client command of the real program that runs until it is stopped. */
export type RunningClient = {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The lines of standard output as JSON; waits until there are `count` of them. */
  readonly lines: (count: number) => Promise<Record<string, unknown>[]>;
  /** Sends the same signal as Ctrl-C. */
  readonly interrupt: () => Promise<Ended>;
};

/** A failing test may never stop its client, so the exit of the test process does. */
const children = new Set<Client>();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

type Client = ChildProcessByStdio<Writable, Readable, Readable>;

/** Runs a client command until it ends. */
export async function runClient(
  args: readonly string[],
  { url, key }: ClientEnvironment,
  { input = "", environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<Ended> {
  const client = spawnClient(args, { OPENSEND_URL: url, ...keyOf(key), ...environment });
  client.stdin.end(input);
  return collect(client).ended;
}

export function startClient(
  args: readonly string[],
  { url, key }: ClientEnvironment,
  environment: Record<string, string> = {},
): RunningClient {
  const client = spawnClient(args, { OPENSEND_URL: url, ...keyOf(key), ...environment });
  // The client must not keep the test process from ending.
  client.unref();
  for (const pipe of client.stdio) (pipe as Socket).unref();
  const { stdout, stderr, ended } = collect(client);
  const jsonLines = () =>
    stdout()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    stdout,
    stderr,
    lines: async (count) => {
      await until(() => jsonLines().length >= count, `${count} lines came: ${stdout()}${stderr()}`);
      return jsonLines();
    },
    interrupt: () => {
      client.ref();
      client.kill("SIGINT");
      return ended;
    },
  };
}

function keyOf(key: string | null): Record<string, string> {
  return key === null ? {} : { OPENSEND_API_KEY: key };
}

function spawnClient(args: readonly string[], environment: Record<string, string>): Client {
  const { PATH, HOME, TMPDIR } = process.env;
  const client = spawn(process.execPath, [...NODE_FLAGS, PROGRAM, ...args], {
    // Not the project folder, which may contain a `.env`.
    cwd: tmpdir(),
    env: { PATH, HOME, TMPDIR, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.add(client);
  client.once("exit", () => children.delete(client));
  return client;
}

function collect(client: Client) {
  let stdout = "";
  let stderr = "";
  client.stdin.on("error", () => undefined);
  client.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  client.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    client.once("close", (code) => resolve({ code, stdout, stderr })),
  );
  return { stdout: () => stdout, stderr: () => stderr, ended };
}
