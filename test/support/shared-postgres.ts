import { createServer, connect as dial } from "node:net";
import { join } from "node:path";
import { startPostgres, type TestPostgres } from "./start-postgres.ts";

export type SharedPostgres = {
  /** Environment variables that lead test processes to this PostgreSQL. */
  readonly environment: Record<string, string>;
  readonly stop: () => void;
};

const SOCKET = "OPENSEND_TEST_POSTGRES_SOCKET";
const URL_GIVEN = "OPENSEND_TEST_POSTGRES_URL";

/** Starts one PostgreSQL for the whole test run when the first test asks for it; otherwise none is started. */
export async function sharePostgres(folder: string): Promise<SharedPostgres> {
  let starting: Promise<TestPostgres> | null = null;
  const server = createServer((socket) => {
    starting ??= startPostgres({ isDurable: false });
    starting.then(
      ({ url }) => socket.end(url),
      (error: unknown) => socket.destroy(error instanceof Error ? error : undefined),
    );
    socket.on("error", (error) => console.error(error.message));
  });
  const path = join(folder, "postgres.socket");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    environment: { [SOCKET]: path },
    stop: () => {
      server.close();
      starting?.then(
        (postgres) => postgres.stop(),
        () => undefined,
      );
    },
  };
}

let requestedUrl: Promise<string> | null = null;

/** A superuser URL of the run's PostgreSQL, or of the server that OPENSEND_TEST_POSTGRES_URL names. */
export function postgresUrl(): Promise<string> {
  const given = process.env[URL_GIVEN];
  if (given !== undefined) return Promise.resolve(given);
  requestedUrl ??= requestUrl();
  return requestedUrl;
}

async function requestUrl(): Promise<string> {
  const path = process.env[SOCKET];
  if (path === undefined) throw new Error(`${URL_GIVEN} is not set; run the tests with \`npm test\`.`);
  const socket = dial(path);
  let url = "";
  for await (const chunk of socket) url += String(chunk);
  if (url === "") throw new Error("PostgreSQL did not start; its log is in the output of the run.");
  return url;
}
