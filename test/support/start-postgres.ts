import { spawn } from "node:child_process";
import { join } from "node:path";

export type TestPostgres = {
  /** A superuser URL, which can create and drop databases. */
  readonly url: string;
  readonly stop: () => void;
};

/**
 * The server that OPENSEND_TEST_POSTGRES_URL names, or one that is started for this process and ends with it.
 * Benchmarks need a durable server; tests do not, and a server that never syncs is much faster.
 */
export async function startPostgres({ isDurable } = { isDurable: true }): Promise<TestPostgres> {
  const given = process.env["OPENSEND_TEST_POSTGRES_URL"];
  if (given !== undefined) return { url: given, stop: () => undefined };
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "run-postgres.ts"),
      ...(isDurable ? [] : ["--not-durable"]),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (status) => reject(new Error(`PostgreSQL did not start (exit code ${status})`)));
  });
  return { url, stop: () => child.stdin.end() };
}
