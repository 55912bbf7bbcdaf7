import { spawn } from "node:child_process";
import { join } from "node:path";
import autocannon from "autocannon";
import { ApiClient } from "../test/support/api-client.ts";
import { makePostgres, makeSqlite } from "../test/support/databases.ts";
import { startInstance } from "../test/support/instance.ts";
import { startPostgres } from "../test/support/start-postgres.ts";

/**
 * Latency of `GET /api/integrations` and of `POST …/test` against a receiver in a process of its own, on both databases.
 *
 *   npm run bench:api
 */
const DURATION_S = 10;
const CONNECTIONS = 8;

const receiver = spawn(process.execPath, [join(import.meta.dirname, "receiver.ts")], {
  stdio: ["pipe", "pipe", "inherit"],
});
const receiverUrl = await new Promise<string>((resolve) => {
  receiver.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
});

const postgres = await startPostgres();
process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;

const rows: Record<string, string | number>[] = [];
for (const [database, make] of Object.entries({ sqlite: makeSqlite, postgres: makePostgres })) {
  const instance = await startInstance(make);
  const made = await instance.api.post("/api/integrations/webhook", {
    webhook_url: `${receiverUrl}/hook`,
    signing_secret: "bench-signing-secret",
  });
  const { id } = made.body.data;
  const headers = { authorization: `Bearer ${instance.key}` };
  for (const [method, path] of [
    ["GET", "/api/integrations"],
    ["POST", `/api/integrations/connections/${id}/test`],
  ] as const) {
    const load = { url: `${instance.server.url}${path}`, method, headers, connections: CONNECTIONS };
    await autocannon({ ...load, duration: 2 });
    const result = await autocannon({ ...load, duration: DURATION_S });
    rows.push({
      database,
      call: `${method} ${path.replace(id, "{id}")}`,
      "requests/s": Math.round(result.requests.average),
      "p50 ms": result.latency.p50,
      "p99 ms": result.latency.p99,
      "not 2xx": result.non2xx,
    });
  }
  const left = await new ApiClient(instance.server.url).get("/api/health");
  if (left.status !== 200) throw new Error("the server did not survive");
  await instance.remove();
}
receiver.stdin.end();
postgres.stop();
console.table(rows);
