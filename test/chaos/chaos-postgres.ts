import type { ChildProcess } from "node:child_process";
import pg from "pg";
import { createPostgresServer } from "../support/postgres-server.ts";
import { pause } from "./pause.ts";

/** A PostgreSQL for one run, which can be stopped, killed and cut off. */
export type ChaosPostgres = {
  /** The URL of a database created for the run. */
  readonly url: string;
  /** Ends every client's connection. */
  readonly cutConnections: () => Promise<void>;
  /** Stops the server, waits, and starts it again. */
  readonly restart: (signal: "SIGINT" | "SIGKILL", awayMs: number) => Promise<void>;
  readonly remove: () => Promise<void>;
};

const DATABASE = "opensend_chaos";
/** After a kill, its child processes may keep the shared memory a little longer. */
const STARTS_MAX = 50;
const RESTART_MS = 200;

export async function startChaosPostgres(): Promise<ChaosPostgres> {
  const postgres = await createPostgresServer();
  let server = await postgres.start();
  const stop = async (signal: "SIGINT" | "SIGKILL") => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
  };
  // A failing run may never stop it.
  const end = () => server.kill("SIGKILL");
  process.once("exit", end);
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await administer(`create database ${DATABASE}`);
  const url = new URL(postgres.url);
  url.pathname = `/${DATABASE}`;
  return {
    url: url.href,
    cutConnections: () =>
      administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${DATABASE}'`),
    restart: async (signal, awayMs) => {
      await stop(signal);
      await pause(awayMs);
      server = await restart(postgres.start);
    },
    remove: async () => {
      await stop("SIGINT");
      process.off("exit", end);
      postgres.remove();
    },
  };
}

async function restart(start: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === STARTS_MAX) throw error;
      await pause(RESTART_MS);
    }
  }
}
