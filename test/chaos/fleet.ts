import { type RunningServer, startServer } from "../support/server.ts";
import { pause, waitUntil } from "./pause.ts";
import { pick, type Random } from "./random.ts";

const START_AGAIN_MS = 200;
const UP_DEADLINE_MS = 60_000;
/** Pino's. */
const ERROR_LEVEL = 50;
const LINES_SHOWN_MAX = 3;

/** The server processes of a run. One that is killed is started again at once, on another port. */
export type Fleet = {
  /** Where events can be posted right now. */
  readonly urls: () => readonly string[];
  readonly pids: () => readonly number[];
  /** Brings it to so many processes and waits until all of them listen. */
  readonly grow: (size: number) => Promise<void>;
  /** Waits until all of them listen. */
  readonly up: () => Promise<void>;
  /** `kill -9` of one of them, picked at random. Returns when it was done. */
  readonly kill: () => Promise<number>;
  /** Ends all with SIGTERM. Returns what went wrong while they ran: a process that ended by itself, or badly. */
  readonly stop: () => Promise<readonly string[]>;
  /** Errors in the logs of all processes so far, counted. */
  readonly logged: () => ReadonlyMap<string, number>;
};

export function createFleet(deps: {
  readonly environment: Record<string, string>;
  readonly dataDir: string;
  readonly random: Random;
}): Fleet {
  const running = new Set<RunningServer>();
  const leaving = new Set<RunningServer>();
  const started: RunningServer[] = [];
  const complaints: string[] = [];
  let size = 0;
  let isStopping = false;

  const launch = async (): Promise<void> => {
    while (!isStopping) {
      // While the database is away a start ends by itself, as it should; whoever keeps the service starts it again.
      const server = await startServer(deps.environment, { dataDir: deps.dataDir }).catch(() => null);
      if (server === null) {
        await pause(START_AGAIN_MS);
        continue;
      }
      running.add(server);
      started.push(server);
      server.process.once("exit", (code, signal) => {
        running.delete(server);
        if (leaving.has(server)) return;
        const said = server.output().split("\n").filter(isTelling).slice(-LINES_SHOWN_MAX);
        complaints.push(`a server ended by itself (code ${code}, signal ${signal}): ${said.join(" / ")}`);
        void launch();
      });
      return;
    }
  };

  const up = () => waitUntil("every server's start", UP_DEADLINE_MS, () => running.size === size);

  return {
    urls: () => [...running].map(({ url }) => url),
    pids: () => [...running].flatMap(({ process: { pid } }) => pid ?? []),
    grow: async (to) => {
      while (size < to) {
        size++;
        void launch();
      }
      await up();
    },
    up,
    kill: async () => {
      await waitUntil("a server to kill", UP_DEADLINE_MS, () => running.size > 0);
      const server = pick(deps.random, [...running]);
      leaving.add(server);
      running.delete(server);
      const ended = new Promise((resolve) => server.process.once("exit", resolve));
      server.process.ref();
      const at = Date.now();
      server.process.kill("SIGKILL");
      await ended;
      void launch();
      return at;
    },
    stop: async () => {
      await up();
      isStopping = true;
      const codes = await Promise.all(
        [...running].map((server) => {
          leaving.add(server);
          return server.stop();
        }),
      );
      for (const code of codes) if (code !== 0) complaints.push(`a server ended SIGTERM with code ${code}`);
      return complaints;
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

/** The lines of a crash that name it. */
function isTelling(line: string): boolean {
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
