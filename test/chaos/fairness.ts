import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatTable } from "../../bench/rig/table.ts";
import { makePostgres, makeSqlite } from "../support/databases.ts";
import { startPostgres } from "../support/start-postgres.ts";
import { ATTACK_NAMES, ATTACKS, type AttackName } from "./neighbors/attacks.ts";
import { FLOOR_MS, RATIO_MAX } from "./neighbors/compare.ts";
import { type DatabaseJudgement, judgeAttack } from "./neighbors/judge-attack.ts";
import { canHaveOwnNames, hasOwnNames, runWithOwnNames } from "./own-names.ts";

/**
 * Shows that no workspace can block another: a victim's workspace posts at a steady rate, alternately alone on one
 * instance and next to an attacker on another. Exits with code 1 if an attack raises the victim's p99 until
 * acknowledgement or receipt by more than half, or if one of the victim's events is refused or not delivered.
 *
 *   npm run test:fairness -- [--database sqlite|postgres] [--attack a,c] [--pairs 3] [--short] [--json FILE]
 */
const PAIRS_DEFAULT = 3;
const DATABASES = { sqlite: makeSqlite, postgres: makePostgres } as const;

const { values } = parseArgs({
  options: {
    database: { type: "string" },
    attack: { type: "string" },
    pairs: { type: "string", default: String(PAIRS_DEFAULT) },
    short: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const wanted = values.attack?.split(",") ?? ATTACK_NAMES;
const attacks = ATTACK_NAMES.filter((name) => wanted.includes(name));
const databases = Object.entries(DATABASES).filter(([name]) => (values.database ?? name) === name);
const pairs = Number(values.pairs);
if (attacks.length !== wanted.length || databases.length === 0 || !Number.isInteger(pairs) || pairs < 1) {
  throw new Error("Use --attack with letters from a to g, --database sqlite or postgres, and --pairs N.");
}
const needOwnNames = attacks.some((name) => ATTACKS[name].needsOwnNames);
if (needOwnNames && !hasOwnNames() && canHaveOwnNames()) await runWithOwnNames();
else await run();

async function run(): Promise<void> {
  const possible = attacks.filter(isPossible);
  const postgres = databases.some(([name]) => name === "postgres") ? await startPostgres() : null;
  if (postgres !== null) process.env["OPENSEND_TEST_POSTGRES_URL"] = postgres.url;
  const judgements: DatabaseJudgement[] = [];
  for (const [database, make] of databases) {
    for (const name of possible) {
      const say = (text: string) => console.log(`${database} (${name}) ${text}`);
      const judgement = await judgeAttack({ make, name, pairs, isShort: values.short, say });
      judgements.push({ ...judgement, database });
      if (!judgement.isFair) process.exitCode = 1;
    }
  }
  postgres?.stop();
  console.log(
    formatTable({
      title: `\np99, medians of ${pairs}: at most ${RATIO_MAX}`,
      rows: judgements.flatMap(toRows),
    }),
  );
  console.log(
    `A p99 below ${FLOOR_MS} ms counts as ${FLOOR_MS} ms. Measure on a machine that does nothing else.`,
  );
  for (const { database, name, problems } of judgements)
    for (const problem of problems) console.log(`${database} (${name}) ${problem}`);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(judgements));
}

/** Using our own name server needs root and Linux. On a build server their absence is a failure. */
function isPossible(name: AttackName): boolean {
  if (!ATTACKS[name].needsOwnNames || hasOwnNames()) return true;
  console.log(`(${name}) skipped: it needs root and Linux, to mount a resolv.conf of its own`);
  if (process.env["CI"] === "true") process.exitCode = 1;
  return false;
}

function toRows({ database, name, perSecond, parties, problems, isFair }: DatabaseJudgement) {
  return parties.flatMap(({ party, comparisons }) =>
    comparisons.map(({ what, aloneMs, attackedMs, ratio }) => ({
      database,
      attack: `${name} ${ATTACKS[name].title}`,
      "events/s": perSecond,
      party,
      p99: what,
      "alone ms": aloneMs,
      "attacked ms": attackedMs,
      ratio,
      problems: problems.length,
      fair: isFair ? "yes" : "no",
    })),
  );
}
