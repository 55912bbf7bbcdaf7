import autocannon from "autocannon";
import { ApiClient } from "../test/support/api-client.ts";
import { makePostgres, makeSqlite } from "../test/support/databases.ts";
import { startInstance } from "../test/support/instance.ts";
import { startPostgres } from "../test/support/start-postgres.ts";
import type { ReceiverCalls } from "./receiver.ts";
import { startSideProcess } from "./rig/side-process.ts";

/**
 * Latency of `GET /api/integrations` and of `POST …/test` with a receiver in a separate process, on both databases.
 *
 *   npm run bench:api
 */
const DURATION_S = 10;
const CONNECTIONS = 8;

const receiver = startSideProcess<ReceiverCalls>("receiver.ts");
const receiverUrl = await receiver.call("url", null);

const postgres = await startPostgres();
process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;

const rows: Record<string, string | number>[] = [];
for (const [database, make] of Object.entries({ sqlite: makeSqlite, postgres: makePostgres })) {
  const instance = await startInstance(make);
  const created = await instance.api.post("/api/integrations/webhook", {
    webhook_url: `${receiverUrl}/hook`,
    signing_secret: "bench-signing-secret",
  });
  const { id } = created.body.data;
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
await receiver.stop();
postgres.stop();
console.table(rows);
