import { spawn } from "node:child_process";
import { join } from "node:path";

export type TestPostgres = {
  /** A superuser's URL: databases may be made and dropped with it. */
  readonly url: string;
  readonly stop: () => void;
};

/**
 * The server OPENSEND_TEST_POSTGRES_URL names, or one started for this process, which ends with it. Measurements need a
 * durable one; tests do not, and a server that never syncs is much faster.
 */
export async function startPostgres({ isDurable } = { isDurable: true }): Promise<TestPostgres> {
  const given = process.env["OPENSEND_TEST_POSTGRES_URL"];
  if (given !== undefined) return { url: given, stop: () => undefined };
  const keeper = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "postgres-keeper.ts"),
      ...(isDurable ? [] : ["--not-durable"]),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    keeper.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    keeper.once("exit", (status) => reject(new Error(`PostgreSQL did not start (exit code ${status})`)));
  });
  return { url, stop: () => keeper.stdin.end() };
}
