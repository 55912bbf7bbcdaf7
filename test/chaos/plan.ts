import type { Dialect } from "../../src/db/open.ts";
import type { FaultKind } from "./fault.ts";
import type { Random } from "./random.ts";

const OTHER_FAULTS: Record<Dialect, readonly FaultKind[]> = {
  sqlite: ["disk full", "clock back", "clock forward"],
  postgres: [
    "connections cut",
    "events commit cut",
    "attempts commit cut",
    "database restarted",
    "database killed",
    "clock back",
    "clock forward",
  ],
};
/** In a long run, each of the other faults is repeated after this many kills. */
const KILLS_PER_ROUND = 25;

/** This many kills and, mixed in at random, each of the other faults at least once. */
export function planFaults(dialect: Dialect, kills: number, random: Random): FaultKind[] {
  const rounds = Math.max(1, Math.floor(kills / KILLS_PER_ROUND));
  return Array.from({ length: rounds }, (_, round) => {
    const share = Math.floor((kills * (round + 1)) / rounds) - Math.floor((kills * round) / rounds);
    const faults = [...Array<FaultKind>(share).fill("kill"), ...OTHER_FAULTS[dialect]];
    return shuffle(faults, random);
  }).flat();
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
