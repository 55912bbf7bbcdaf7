import { parseArgs } from "node:util";
import type { ApiClient } from "../test/support/api-client.ts";
import { makePostgres, makeSqlite } from "../test/support/databases.ts";
import { seed, signInSeededOwner } from "../test/support/seeded.ts";
import { startServer } from "../test/support/server.ts";
import { startPostgres } from "../test/support/start-postgres.ts";
import { fillIn, PAGE_CALLS, type PageCall, type SeededIds } from "./page-calls.ts";
import { quantile } from "./rig/median.ts";
import { formatTable, type Row } from "./rig/table.ts";

/**
 * How long the calls of each page take on a seeded instance, one after another, on both databases. Calls that the
 * server refuses are marked as refused.
 *
 *   npm run bench:pages -- [--connections 1000] [--deliveries 1000000] [--requests 40] [--databases sqlite,postgres]
 *                          [--pages deliveries,facets]
 */
const AIM_P95_MS = 50;
const WARM_UP_REQUESTS = 3;
const DAY_MS = 24 * 60 * 60 * 1000;

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1000" },
    deliveries: { type: "string", default: "1000000" },
    requests: { type: "string", default: "40" },
    databases: { type: "string", default: "sqlite,postgres" },
    pages: { type: "string" },
  },
});
const pages = values.pages?.split(",");
const calls = PAGE_CALLS.filter(({ page }) => pages === undefined || pages.includes(page));
const databases = values.databases.split(",");
if (databases.includes("postgres") && process.env["OPENSEND_TEST_POSTGRES_URL"] === undefined) {
  const postgres = await startPostgres();
  process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;
  process.once("exit", () => postgres.stop());
}
for (const database of databases) {
  const rows = await measure(database);
  const slow = rows.filter((row) => Number(row["p95 ms"]) > AIM_P95_MS).length;
  const title = `${database}: ${values.connections} connections, ${values.deliveries} deliveries; ${slow} calls over ${AIM_P95_MS} ms`;
  process.stdout.write(`${formatTable({ title, rows })}\n`);
}
process.exit();

async function measure(name: string): Promise<readonly Row[]> {
  const database = await (name === "postgres" ? makePostgres : makeSqlite)();
  const size = { connections: Number(values.connections), deliveries: Number(values.deliveries), days: 30 };
  const environment = { ...database.environment, OPENSEND_RATE_LIMIT_PER_MINUTE: "0" };
  try {
    await seed(environment, size);
    const server = await startServer(environment, { dataDir: database.dataDir });
    const owner = await signInSeededOwner(server);
    const ids = await findIds(owner);
    const rows: Row[] = [];
    for (const call of calls) rows.push(await measureCall(owner, call, ids));
    await server.stop();
    return rows;
  } finally {
    await database.remove();
  }
}

async function measureCall(owner: ApiClient, { page, path }: PageCall, ids: SeededIds): Promise<Row> {
  const url = `${owner.url}${fillIn(path, ids)}`;
  const headers = { cookie: owner.cookie ?? "" };
  const call = async () => {
    const startedAt = performance.now();
    const response = await fetch(url, { headers });
    const { byteLength } = await response.arrayBuffer();
    return { status: response.status, bytes: byteLength, ms: performance.now() - startedAt };
  };
  const first = await call();
  const isRefused = first.status >= 400;
  const times: number[] = [];
  for (let index = 0; index < (isRefused ? 0 : WARM_UP_REQUESTS); index++) await call();
  for (let index = 0; index < (isRefused ? 0 : Number(values.requests)); index++)
    times.push((await call()).ms);
  const p95 = isRefused ? null : quantile(times, 0.95);
  return {
    page,
    call: path,
    status: String(first.status),
    "first ms": first.ms,
    "p50 ms": isRefused ? null : quantile(times, 0.5),
    "p95 ms": p95,
    kB: first.bytes / 1024,
    "": p95 !== null && p95 > AIM_P95_MS ? "over" : "",
  };
}

async function findIds(owner: ApiClient): Promise<SeededIds> {
  const delivery = (await owner.get("/api/deliveries?status=delivered&limit=1")).body.data[0];
  const failed = (await owner.get("/api/deliveries?status=failed&limit=1")).body.data[0] ?? delivery;
  const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
  return {
    connection: delivery.connection_id,
    failingConnection: failed.connection_id,
    delivery: failed.id,
    event: failed.event_id,
    type: delivery.event_type,
    dayAgo: ago(DAY_MS),
    weekAgo: ago(7 * DAY_MS),
    monthAgo: ago(29 * DAY_MS),
  };
}
