import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { administer, databaseUrl } from "../support/database-templates.ts";
import { freePort } from "../support/server.ts";
import { startPostgres } from "../support/start-postgres.ts";

const VERSION = "2.41.1";
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const START_DEADLINE_MS = 180_000;
const POLL_MS = 200;
const OWNER = {
  email: "ada@example.com",
  firstName: "Ada",
  lastName: "Lovelace",
  password: "Correct-horse-1",
};

// biome-ignore lint/suspicious/noExplicitAny: responses of every shape; tests assert what they find.
type N8nData = any;

export type RunningN8n = {
  readonly url: string;
  /** Calls n8n's own API as its owner. Throws if n8n responds with an error. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<N8nData>;
  /** Ends the program and starts it again on the same database. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * Starts n8n with the node package in a folder. Uses an empty PostgreSQL database, because n8n's SQLite driver would
 * have to be compiled.
 */
export async function startN8n(packageDir: string): Promise<RunningN8n> {
  const folder = mkdtempSync(join(tmpdir(), "opensend-n8n-run-"));
  const packages = join(folder, ".n8n", "nodes", "node_modules");
  mkdirSync(packages, { recursive: true });
  execFileSync("cp", ["-r", packageDir, join(packages, "n8n-nodes-opensend")]);
  const postgres = await startPostgres({ isDurable: false });
  await administer(postgres.url, "create database n8n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...(await environment(folder, port)), ...databaseOf(databaseUrl(postgres.url, "n8n")) };
  let program = new Program([join(installN8n(), "node_modules", "n8n", "bin", "n8n"), "start"], folder, env);
  const stop = async () => {
    await program.end();
    postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const restart = async () => {
    await program.end();
    program = new Program(program.args, folder, env);
    await program.untilReady(url);
  };
  try {
    await program.untilReady(url);
    return { url, call: await signIn(url), restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

class Program {
  readonly args: readonly string[];
  readonly #child: ChildProcess;
  #output = "";

  constructor(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.args = args;
    this.#child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString("utf8");
      });
    }
  }

  async untilReady(url: string): Promise<void> {
    const deadline = Date.now() + START_DEADLINE_MS;
    const isReady = () =>
      fetch(`${url}/healthz/readiness`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      if (this.#child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`n8n did not start.\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }
}

/** Installs n8n, which takes about four minutes and 3 GB, unless it is installed; `N8N_PATH` names another folder. */
function installN8n(): string {
  const folder = process.env["N8N_PATH"] ?? join(tmpdir(), `opensend-n8n-${VERSION}`);
  if (existsSync(join(folder, "node_modules", "n8n", "bin", "n8n"))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", `n8n@${VERSION}`];
  execFileSync("npm", args, { cwd: folder, timeout: INSTALL_TIMEOUT_MS, stdio: "ignore" });
  return folder;
}

async function environment(folder: string, port: number): Promise<NodeJS.ProcessEnv> {
  const { PATH } = process.env;
  return {
    PATH,
    HOME: folder,
    N8N_USER_FOLDER: folder,
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: "127.0.0.1",
    WEBHOOK_URL: `http://127.0.0.1:${port}/`,
    N8N_RUNNERS_BROKER_PORT: String(await freePort()),
    N8N_SECURE_COOKIE: "false",
    N8N_DIAGNOSTICS_ENABLED: "false",
    N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
    N8N_TEMPLATES_ENABLED: "false",
    N8N_PERSONALIZATION_ENABLED: "false",
  };
}

function databaseOf(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    DB_TYPE: "postgresdb",
    DB_POSTGRESDB_HOST: hostname,
    DB_POSTGRESDB_PORT: port,
    DB_POSTGRESDB_USER: decodeURIComponent(username),
    DB_POSTGRESDB_PASSWORD: decodeURIComponent(password),
    DB_POSTGRESDB_DATABASE: pathname.slice(1),
  };
}

async function signIn(url: string): Promise<RunningN8n["call"]> {
  let cookie = "";
  const call: RunningN8n["call"] = async (method, path, body) => {
    const response = await fetch(`${url}/rest${path}`, {
      method,
      headers: { cookie, "content-type": "application/json", "browser-id": "tests" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) cookie = cookies.map((one) => one.split(";")[0]).join("; ");
    return (JSON.parse(text) as { data: N8nData }).data;
  };
  await call("POST", "/owner/setup", OWNER);
  return call;
}
