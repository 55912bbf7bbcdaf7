import { execFile, spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Builds every client in the form its users get, into a folder. Returns the command of each client's driver. */
const PROJECT_DIR = join(import.meta.dirname, "..", "..");
export const CLIENTS_DIR = join(PROJECT_DIR, "clients");
const DRIVERS_DIR = join(import.meta.dirname, "drivers");
const COMMAND_TIMEOUT_MS = 240_000;
const QUIET = "--disable-warning=ExperimentalWarning";

export type Client = { readonly name: string; readonly command: readonly string[] };

/** Fails if a language runtime is missing, and says how to install it. */
export function requireRuntimes(): void {
  const missing = [
    ["python3", "--version", "Python 3.9 or newer (apt-get install python3 python3-venv)"],
    ["go", "version", "Go 1.24 or newer (https://go.dev/dl)"],
  ].filter(([program = "", flag = ""]) => spawnSync(program, [flag]).status !== 0);
  if (missing.length === 0) return;
  throw new Error(`Install ${missing.map(([, , what]) => what).join(" and ")} to test the clients.`);
}

/** Compiles the package and packs it as for publishing. Returns the path of the archive. */
export async function packTypeScript(folder: string): Promise<string> {
  const source = join(CLIENTS_DIR, "typescript");
  await run(process.execPath, ["build.ts"], source);
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], source);
  const [archive = ""] = globSync("opensend-client-*.tgz", { cwd: folder });
  return join(folder, archive);
}

/** Unpacks the package into the folder where `import "@opensend/client"` finds it. */
export async function installTypeScript(folder: string): Promise<string> {
  const archive = await packTypeScript(folder);
  const target = join(folder, "node_modules", "@opensend", "client");
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", archive, "--strip-components=1", "-C", target], folder);
  return target;
}

/** Installs the package and the examples' dependencies into a virtual environment; returns its Python. */
export async function installPython(folder: string): Promise<string> {
  const source = join(folder, "opensend-client");
  cpSync(join(CLIENTS_DIR, "python"), source, { recursive: true });
  await run("python3", ["-m", "venv", "venv"], folder);
  const quiet = ["--quiet", "--disable-pip-version-check"];
  await run("venv/bin/pip", ["install", ...quiet, source, "psycopg[binary]>=3.2"], folder);
  return join(folder, "venv", "bin", "python");
}

export async function buildGo(folder: string): Promise<string> {
  const program = join(folder, "go-driver");
  await run("go", ["build", "-o", program, "."], join(DRIVERS_DIR, "go"));
  return program;
}

/** Every client in every way it can be used. */
export function clientsOf(packageDir: string, python: string, goDriver: string): Client[] {
  const typescript = join(DRIVERS_DIR, "typescript.ts");
  return [
    {
      name: "TypeScript, as ES module",
      command: [process.execPath, QUIET, typescript, join(packageDir, "dist/esm/index.js")],
    },
    {
      name: "TypeScript, as CommonJS",
      command: [process.execPath, QUIET, typescript, join(packageDir, "dist/cjs/index.js")],
    },
    { name: "Python", command: [python, join(DRIVERS_DIR, "python.py"), "sync"] },
    { name: "Python, asynchronous", command: [python, join(DRIVERS_DIR, "python.py"), "async"] },
    { name: "Go", command: [goDriver] },
  ];
}

/** Runs each client's own tests, with the tools of its language. */
export async function runOwnTests(python: string): Promise<void> {
  const typescript = join(CLIENTS_DIR, "typescript");
  const tests = globSync("src/*.test.ts", { cwd: typescript });
  await Promise.all([
    run(process.execPath, [QUIET, "--test", ...tests], typescript),
    run(python, ["-W", "error", "-m", "unittest", "discover", "-s", "tests"], join(CLIENTS_DIR, "python")),
    run("go", ["vet", "./..."], join(CLIENTS_DIR, "go")).then(() =>
      run("go", ["test", "./..."], join(CLIENTS_DIR, "go")),
    ),
  ]);
}

/** The version that each client reports. */
export function versions(packageDir: string): Record<string, string> {
  const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")) as {
    version: string;
  };
  const quoted = (path: string) =>
    /"(\d[^"]*)"/.exec(readFileSync(join(CLIENTS_DIR, path), "utf8"))?.[1] ?? "";
  return {
    typescript: version,
    python: quoted("python/src/opensend_client/_version.py"),
    go: quoted("go/version.go"),
  };
}

export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const options = { cwd, env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
  try {
    const { stdout } = await promisify(execFile)(program, args, options);
    return stdout;
  } catch (error) {
    const { message, stdout } = error as Error & { readonly stdout?: string };
    throw new Error(`${message}\n${stdout ?? ""}`);
  }
}
