import { createPostgresServer } from "./postgres-server.ts";

/**
 * Runs a real PostgreSQL for the tests: prints its URL, then keeps it running until standard input closes, which
 * happens however the test run ends.
 */
const FAST_SHUTDOWN = "SIGINT";

const postgres = await createPostgresServer({ isDurable: !process.argv.includes("--not-durable") });
const server = await postgres.start();
server.once("exit", (code) => {
  postgres.remove();
  if (code !== 0) console.error(postgres.log());
  process.exit(code ?? 1);
});
console.log(postgres.url);

process.stdin.resume();
process.stdin.once("end", () => server.kill(FAST_SHUTDOWN));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(FAST_SHUTDOWN));
