import { type RunningWorker, startServer, startWorker } from "../support/server.ts";
import { pause, waitUntil } from "./pause.ts";
import { pick, type Random } from "./random.ts";

const RESTART_MS = 200;
const UP_DEADLINE_MS = 60_000;
/** Pino's level for errors. */
const ERROR_LEVEL = 50;
const LINES_SHOWN_MAX = 3;

/** The number of processes that accept events and deliver; further processes only deliver. */
const SERVERS_MAX = 2;

type Role = "start" | "worker";
/** `url` is null for a process that only delivers. */
type Member = RunningWorker & { readonly role: Role; readonly url: string | null };

/** The processes of a run. A killed process is restarted immediately, a server on another port. */
export type Fleet = {
  /** The servers that accept events right now. */
  readonly urls: () => readonly string[];
  readonly pids: () => readonly number[];
  /** Grows the fleet to `size` processes and waits until all of them run. */
  readonly grow: (size: number) => Promise<void>;
  /** Waits until all processes run. */
  readonly up: () => Promise<void>;
  /** `kill -9` of a random process. Returns the time of the kill. */
  readonly kill: () => Promise<number>;
  /** SIGSTOP of a random process that accepts events. It takes part in nothing until it is resumed. */
  readonly pause: () => PausedProcess;
  /** Ends all processes with SIGTERM. Returns their faults: a process that ended on its own, or with an error. */
  readonly stop: () => Promise<readonly string[]>;
  /** Errors in the logs of all processes so far, counted. */
  readonly logged: () => ReadonlyMap<string, number>;
};

export type PausedProcess = {
  readonly url: string;
  /** When it was paused, in epoch milliseconds. */
  readonly at: number;
  /** SIGCONT. */
  readonly resume: () => void;
};

export function createFleet(deps: {
  readonly environment: Record<string, string>;
  readonly dataDir: string;
  /** A prefix for the command of each server; workers are started without it. */
  readonly within?: readonly string[];
  readonly random: Random;
}): Fleet {
  const running = new Set<Member>();
  const paused = new Set<Member>();
  const leaving = new Set<Member>();
  const started: Member[] = [];
  const faults: string[] = [];
  let size = 0;
  let isStopping = false;

  const start = async (role: Role): Promise<Member> => {
    if (role === "worker") return { ...(await startWorker(deps.environment)), role, url: null };
    const { dataDir, within = [] } = deps;
    return { ...(await startServer(deps.environment, { dataDir, within })), role };
  };

  const launch = async (role: Role): Promise<void> => {
    while (!isStopping) {
      // While the database is away, a starting process exits by design, and a supervisor would start it again.
      const member = await start(role).catch(() => null);
      if (member === null) {
        await pause(RESTART_MS);
        continue;
      }
      running.add(member);
      started.push(member);
      member.process.once("exit", (code, signal) => {
        running.delete(member);
        if (leaving.has(member)) return;
        const errors = member.output().split("\n").filter(namesError).slice(-LINES_SHOWN_MAX);
        faults.push(`a ${role} ended by itself (code ${code}, signal ${signal}): ${errors.join(" / ")}`);
        void launch(role);
      });
      return;
    }
  };

  const up = () => waitUntil("every process's start", UP_DEADLINE_MS, () => running.size === size);

  return {
    urls: () => [...running].flatMap((member) => (paused.has(member) ? [] : (member.url ?? []))),
    pids: () => [...running].flatMap(({ process: { pid } }) => pid ?? []),
    grow: async (to) => {
      while (size < to) void launch(size++ < SERVERS_MAX ? "start" : "worker");
      await up();
    },
    up,
    kill: async () => {
      await waitUntil("a process to kill", UP_DEADLINE_MS, () => running.size > 0);
      const member = pick(deps.random, [...running]);
      leaving.add(member);
      running.delete(member);
      const at = Date.now();
      await member.kill();
      void launch(member.role);
      return at;
    },
    pause: () => {
      const member = pick(
        deps.random,
        [...running].filter(({ url }) => url !== null),
      );
      paused.add(member);
      const at = Date.now();
      member.process.kill("SIGSTOP");
      return {
        url: member.url ?? "",
        at,
        resume: () => {
          member.process.kill("SIGCONT");
          paused.delete(member);
        },
      };
    },
    stop: async () => {
      await up();
      isStopping = true;
      const codes = await Promise.all(
        [...running].map((member) => {
          leaving.add(member);
          return member.stop();
        }),
      );
      for (const code of codes) if (code !== 0) faults.push(`a process ended SIGTERM with code ${code}`);
      return faults;
    },
    logged: () => {
      const counts = new Map<string, number>();
      for (const error of started.flatMap((server) => readErrors(server.output()))) {
        counts.set(error, (counts.get(error) ?? 0) + 1);
      }
      return counts;
    },
  };
}

/** Whether a line of a crash report names the error. */
function namesError(line: string): boolean {
  return /error|Emitted/i.test(line) && !/^\s+at |throw er;|^\{/.test(line);
}

function readErrors(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as { level: number; msg?: string; err?: { message?: string } })
    .filter(({ level }) => level >= ERROR_LEVEL)
    .map(({ msg, err }) => `${msg}: ${err?.message?.replace(/[\d.:]{9,}/g, "…")}`);
}
