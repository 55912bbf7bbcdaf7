import { writeFileSync } from "node:fs";
import pg from "pg";
import { startPostgres } from "../test/support/start-postgres.ts";
import { runAccept } from "./items/accept.ts";
import { runCeiling } from "./items/ceiling.ts";
import { runEndToEnd } from "./items/end-to-end.ts";
import { runFootprint } from "./items/footprint.ts";
import { runGrowth } from "./items/growth.ts";
import { runLatency } from "./items/latency.ts";
import { runNeighbors } from "./items/neighbors.ts";
import { runSteady } from "./items/steady.ts";
import { compareWithAims } from "./rig/aims.ts";
import { compareWithOld } from "./rig/compare-with-old.ts";
import { describeMachine } from "./rig/machine.ts";
import { readOptions } from "./rig/options.ts";
import { type Rig, startRig } from "./rig/rig.ts";
import { formatTable, type Item } from "./rig/table.ts";

/**
 * Measures the program against the limits of the machine. Receiver, load and ceiling run in separate processes; ratios
 * are taken within one run. Prints a table per item and writes all rounds as JSON.
 *
 *   npm run bench -- [--items 1,2,3,4,5,6,7,8] [--rounds 5] [--quick] [--databases sqlite,postgres] [--workers 1,2]
 *                    [--connections 1,10,1000] [--old DIR] [--json FILE]
 *
 * With --old, another checkout with its packages is measured alongside this one, and a second table shows new divided
 * by old.
 */
const ITEMS: Readonly<Record<number, (rig: Rig) => Promise<Item>>> = {
  1: runCeiling,
  2: runAccept,
  3: runEndToEnd,
  4: runLatency,
  5: runGrowth,
  6: runNeighbors,
  7: runSteady,
  8: runFootprint,
};

const options = readOptions(process.argv.slice(2));
const needsPostgres = options.variants.some(({ database }) => database === "postgres");
const postgres = needsPostgres ? await startPostgres() : null;
if (postgres !== null) process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;

const rig = await startRig(options);
const found: Record<string, Item> = {};
for (const item of options.items) {
  const result = await ITEMS[item]?.(rig);
  if (result === undefined) continue;
  found[item] = result;
  console.log(formatTable(result));
  const ratios = compareWithOld(result.rows);
  if (ratios.length > 0) console.log(formatTable({ title: "New divided by old", rows: ratios }));
}
await rig.stop();
const aims = compareWithAims(found);
if (aims.length > 0) console.log(formatTable({ title: "Aims", rows: aims }));

const machine = {
  ...describeMachine(),
  postgres: postgres === null ? null : await serverVersion(postgres.url),
};
postgres?.stop();
const { jsonFile, ...shown } = options;
writeFileSync(jsonFile, `${JSON.stringify({ machine, options: shown, aims, items: found }, null, 2)}\n`);
console.log(`${JSON.stringify(machine)}\nEvery round: ${jsonFile}`);

async function serverVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>("show server_version");
  await client.end();
  return rows[0]?.server_version ?? "unknown";
}
