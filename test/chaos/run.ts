import { parseArgs } from "node:util";
import type { Dialect } from "../../src/db/open.ts";
import { renderLedger } from "./render-ledger.ts";
import { type Run, runScenario } from "./scenario.ts";

/**
 * Kills servers and damages databases while events flow, then checks that nothing was lost. Prints a Markdown table,
 * and exits with code 1 if a guarantee was broken. Needs Linux.
 *
 *   npm run test:chaos -- [--kills N] [--database sqlite|postgres] [--seed S]
 */
const KILLS_DEFAULT = 8;
const FAULTS_SHOWN_MAX = 30;

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: String(KILLS_DEFAULT) },
    database: { type: "string" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const dialects = (["sqlite", "postgres"] as const).filter((name) => (values.database ?? name) === name);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed) || dialects.length === 0) {
  throw new Error("Use --kills N, --seed S and --database sqlite or postgres.");
}

console.log(`seed ${seed}`);
const runs = await Promise.all(dialects.map((dialect) => runOn(dialect)));
for (const run of runs) report(run);
console.log(`\n${renderLedger(runs)}\n`);
process.exitCode = runs.every(({ ledger }) => ledger.faults.length === 0) ? 0 : 1;

function runOn(dialect: Dialect): Promise<Run> {
  return runScenario({ dialect, kills, seed, say: (text) => console.log(`${dialect}: ${text}`) });
}

function report({ dialect, ledger, refusals, diskMeans, faults, logged }: Run): void {
  const say = (text: string) => console.log(`${dialect}: ${text}`);
  const statuses = [...refusals].map(([status, count]) => `${count} with ${status}`).join(", ");
  say(`refused ${statuses || "nothing"}${diskMeans === null ? "" : `; disk by ${diskMeans}`}`);
  if (ledger.faults.length === 0) return;
  for (const fault of ledger.faults.slice(0, FAULTS_SHOWN_MAX)) say(fault);
  const more = ledger.faults.length - FAULTS_SHOWN_MAX;
  if (more > 0) say(`and ${more} more`);
  say(`done to it: ${faults.map(({ kind, at }) => `${at} ${kind}`).join(", ")}`);
  for (const [error, count] of logged) say(`logged ${count} times: ${error}`);
}
