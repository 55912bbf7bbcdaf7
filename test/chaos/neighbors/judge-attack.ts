import { type SideProcess, startSideProcess } from "../../../bench/rig/side-process.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { pause } from "../pause.ts";
import { startReceiver } from "../start-receiver.ts";
import type { SteadyLoad } from "../steady-load.ts";
import type { Attack, Tally } from "./attack.ts";
import type { AttackerCalls } from "./attacker.ts";
import { ATTACKS, type AttackName } from "./attacks.ts";
import { type Comparison, compare, type Figures, type Pair, RATIO_MAX, ratioOf } from "./compare.ts";
import { measure, warmUp } from "./measure.ts";
import { type SharedInstance, startSharedInstance } from "./shared-instance.ts";

const SHARE_OF_CAPACITY = 1 / 3;
const PER_SECOND_MAX = 200;
/** Per party and run, enough for a meaningful p99. */
const EVENTS_MIN = { short: 500, whole: 1500 } as const;
const RUN_MS_MIN = { short: 3000, whole: 10_000 } as const;
/** After the start of the load, so that both run concurrently. */
const CHECK_AFTER_MS = 1000;
/** Leftovers of an attack must not affect the next run alone. */
const SETTLE_MS = 500;

export type Judgement = {
  readonly name: AttackName;
  readonly perSecond: number;
  readonly parties: readonly { readonly party: string; readonly comparisons: readonly Comparison[] }[];
  /** Failures whatever the times: events refused or not delivered, and checks that failed for the victim. */
  readonly problems: readonly string[];
  readonly isFair: boolean;
};

export type DatabaseJudgement = Judgement & { readonly database: string };

export type Trial = {
  readonly make: () => Promise<TestDatabase>;
  readonly name: AttackName;
  readonly pairs: number;
  readonly isShort: boolean;
  readonly say: (text: string) => void;
};

/** Measures one instance alone and another under attack, alternately. */
export async function judgeAttack(trial: Trial): Promise<Judgement> {
  const { make, name, isShort } = trial;
  const attack: Attack = ATTACKS[name];
  const receivers = { victim: await startReceiver(), attacker: await startReceiver() };
  const attacker = startSideProcess<AttackerCalls>("../test/chaos/neighbors/attacker.ts");
  const instances: SharedInstance[] = [];
  try {
    const alone = await startSharedInstance(make, attack, receivers, isShort);
    instances.push(alone);
    const attacked = await startSharedInstance(make, attack, receivers, isShort);
    instances.push(attacked);
    const load = planLoad(await warmUp(alone), alone.parties.length, isShort);
    await warmUp(attacked);
    trial.say(`${attack.title}: runs of ${load.events} events at ${load.perSecond} per second`);
    await attacker.call("prepare", { name, attacker: attacked.attacker });
    return await takeTurns(trial, { alone, attacked, attacker, load });
  } finally {
    await attacker.stop();
    await Promise.all(instances.map((instance) => instance.remove()));
    receivers.victim.stop();
    receivers.attacker.stop();
  }
}

/** The parties share the load that one could use alone. */
function planLoad(capacity: number, parties: number, isShort: boolean): SteadyLoad {
  const kind = isShort ? "short" : "whole";
  const perSecond = Math.max(1, Math.round(Math.min(PER_SECOND_MAX, capacity * SHARE_OF_CAPACITY) / parties));
  const events = Math.max(EVENTS_MIN[kind], Math.ceil((RUN_MS_MIN[kind] * perSecond) / 1000));
  return { perSecond, events };
}

type Turns = {
  readonly alone: SharedInstance;
  readonly attacked: SharedInstance;
  readonly attacker: SideProcess<AttackerCalls>;
  readonly load: SteadyLoad;
};

async function takeTurns({ name, pairs: count, say }: Trial, turns: Turns): Promise<Judgement> {
  const { alone, load } = turns;
  const names = alone.parties.map((party) => party.name);
  const pairs = new Map<string, Pair[]>(names.map((party) => [party, []]));
  const problems: string[] = [];
  for (let number = 1; number <= count; number++) {
    const before = await measure(alone, load);
    const { figures, tally, failure } = await measureAttacked(name, turns);
    if (failure !== null) problems.push(failure);
    for (const party of names) {
      const pair = { alone: figuresOf(before, party), attacked: figuresOf(figures, party) };
      pairs.get(party)?.push(pair);
      problems.push(...findLosses(party, pair));
      say(`pair ${number}, ${party}: ${showPair(pair)}`);
    }
    say(`pair ${number}, the attack: ${showTally(tally)}${failure === null ? "" : `; ${failure}`}`);
    await pause(SETTLE_MS);
  }
  const parties = names.map((party) => ({ party, comparisons: compare(pairs.get(party) ?? []) }));
  const isSlow = parties.some(({ comparisons }) => comparisons.some(({ ratio }) => !(ratio <= RATIO_MAX)));
  return { name, perSecond: load.perSecond, parties, problems, isFair: !isSlow && problems.length === 0 };
}

async function measureAttacked(name: AttackName, { attacked, attacker, load }: Turns) {
  const attack: Attack = ATTACKS[name];
  await attacker.call("start", { name, attacker: attacked.attacker });
  const [figures, failure] = await Promise.all([
    measure(attacked, load),
    pause(CHECK_AFTER_MS)
      .then(() => attack.check?.(attacked.victim) ?? null)
      .catch((error: Error) => error.message),
  ]);
  const tally = await attacker.call("stop", null);
  if (Object.keys(tally).length === 0) throw new Error(`attack ${name} did nothing`);
  return { figures, tally, failure };
}

function figuresOf(figures: ReadonlyMap<string, Figures>, party: string): Figures {
  const found = figures.get(party);
  if (found === undefined) throw new Error(`nothing was measured of ${party}`);
  return found;
}

function findLosses(party: string, { alone, attacked }: Pair): string[] {
  return [...Object.entries({ alone, attacked })].flatMap(([when, { refused, missing, events }]) => [
    ...(refused === 0 ? [] : [`${party}, ${when}: ${refused} of ${events} events were not acknowledged`]),
    ...(missing === 0 ? [] : [`${party}, ${when}: ${missing} of ${events} events did not arrive`]),
  ]);
}

function showPair(pair: Pair): string {
  const { alone, attacked } = pair;
  const show = (what: "accept" | "delivery", from: number, to: number) =>
    `${what} p99 ${showMs(from)} alone, ${showMs(to)} attacked (${ratioOf(pair, what).toFixed(2)})`;
  return [
    show("accept", alone.acceptP99, attacked.acceptP99),
    show("delivery", alone.deliveryP99, attacked.deliveryP99),
  ].join("; ");
}

export function showMs(ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? "never" : `${ms.toFixed(1)} ms`;
}

function showTally(tally: Tally): string {
  return Object.entries(tally)
    .map(([result, count]) => `${result} × ${count}`)
    .join(", ");
}
