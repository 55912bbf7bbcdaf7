import { parseArgs } from "node:util";
import { containersMissing } from "../support/container.ts";
import { renderFailover } from "./failover/render-failover.ts";
import { type FailoverRun, runFailover } from "./failover/run-failover.ts";
import { SCENARIO_NAMES, SCENARIOS } from "./failover/scenarios.ts";

/**
 * Takes a process or the database away from two processes on PostgreSQL while events flow, then compares what was sent,
 * received and stored. Prints a Markdown table, and exits with code 1 if a guarantee was broken. Needs Linux, and for
 * containers the right to use `unshare`.
 *
 *   npm run test:failover -- [--scenario pause,containers,standby] [--seed S]
 */
const FAULTS_SHOWN_MAX = 30;

const { values } = parseArgs({
  options: {
    scenario: { type: "string" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const wanted = values.scenario?.split(",") ?? SCENARIO_NAMES;
const names = SCENARIO_NAMES.filter((name) => wanted.includes(name));
const seed = Number(values.seed);
if (names.length !== wanted.length || !Number.isInteger(seed)) {
  throw new Error(`Use --scenario with some of ${SCENARIO_NAMES.join(",")}, and --seed S.`);
}

// Exiting also ends the processes that this one started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
console.log(`seed ${seed}`);
const runs: FailoverRun[] = [];
// Sequentially, because concurrent runs would slow each other below the limits they are judged by.
for (const name of names) {
  const say = (text: string) => console.log(`${name}: ${text}`);
  if (name === "containers" && containersMissing !== false) {
    say(`skipped: ${containersMissing}`);
    continue;
  }
  const run = await runFailover(SCENARIOS[name], seed, say);
  runs.push(run);
  const { faults } = run.ledger;
  if (faults.length === 0) continue;
  process.exitCode = 1;
  for (const fault of faults.slice(0, FAULTS_SHOWN_MAX)) say(fault);
  if (faults.length > FAULTS_SHOWN_MAX) say(`and ${faults.length - FAULTS_SHOWN_MAX} more`);
  for (const [error, count] of run.logged) say(`logged ${count} times: ${error}`);
}
console.log(`\n${renderFailover(runs)}\n`);
