import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseJudgement } from "../../test/chaos/neighbors/judge-attack.ts";
import type { Rig } from "../rig/rig.ts";
import type { Item } from "../rig/table.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "test", "chaos", "fairness.ts");
const PAIRS_MAX = 3;

/** 6. A victim's p99 next to each kind of attacker, as a multiple of its p99 alone: short runs of `test:fairness`. */
export async function runNeighbors(rig: Rig): Promise<Item> {
  const { variants, rounds } = rig.options;
  const judgements: DatabaseJudgement[] = [];
  for (const { database } of variants.filter(({ workers }) => workers === 1)) {
    rig.say(`neighbors: ${database}`);
    judgements.push(...(await judge(database, Math.min(rounds, PAIRS_MAX))));
  }
  const rows = judgements.flatMap(({ database, name, perSecond, parties, problems }) =>
    parties.map(({ party, comparisons }) => {
      const [accept, delivery] = comparisons;
      return {
        database,
        attack: name,
        "events/s": perSecond,
        of: party,
        "accept p99 alone ms": accept?.aloneMs ?? null,
        "accept ratio": accept?.ratio ?? null,
        "delivery p99 alone ms": delivery?.aloneMs ?? null,
        "delivery ratio": delivery?.ratio ?? null,
        problems: problems.length,
      };
    }),
  );
  return {
    title: "6. Neighbors: a victim's p99 under attack, in times that alone (– for never)",
    rows,
    rounds: judgements,
  };
}

/** Runs in a separate process, which may use its own name server. Its exit code is a verdict, which is ignored here. */
async function judge(database: string, pairs: number): Promise<DatabaseJudgement[]> {
  const folder = mkdtempSync(join(tmpdir(), "opensend-neighbors-"));
  const json = join(folder, "judgements.json");
  const args = ["--database", database, "--short", "--pairs", String(pairs), "--json", json];
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, ...args], {
    stdio: ["ignore", 2, "inherit"],
  });
  await new Promise((resolve) => child.once("exit", resolve));
  const judgements = JSON.parse(readFileSync(json, "utf8")) as DatabaseJudgement[];
  rmSync(folder, { recursive: true });
  return judgements;
}
