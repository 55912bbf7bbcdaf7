import { readStored } from "../evidence.ts";
import type { Fault } from "../fault.ts";
import { judge, type Ledger } from "../ledger.ts";
import { type Load, startLoad } from "../load.ts";
import { pause } from "../pause.ts";
import { createRandom, type Random } from "../random.ts";
import type { Receipt } from "../receipt.ts";
import { waitUntilIdle } from "../scenario.ts";
import { BACKLOG_TYPE, createStage, ORDERED_TYPE, type Stage, type StageOptions } from "../stage.ts";
import { judgeOrder } from "./judge-order.ts";
import { startOrderedLoad } from "./ordered-load.ts";
import { measureTakeover, type Takeover } from "./takeover.ts";

/** Without receivers that never respond, which would only make a run longer. */
const BEHAVIORS = ["ok", "slow", "error", "cut"] as const;
/** Enough that each of two processes owns some of them. */
const ORDERED = ["ok", "slow", "error", "ok", "slow", "error", "ok", "slow", "error"] as const;
/** A stopped or killed process has prefetched part of each backlog; together the backlogs take ten seconds. */
const BACKLOGS = 8;
const BACKLOG_SIZE = 200;
/** After this time, processes know how fast receivers are, and prefetch accordingly. */
const BACKLOG_MS = 2000;
const PROCESSES = 2;
/** No delivery may be sent twice during this time. */
const CALM_MS = 5000;
/** Events keep flowing this long after the fault, so that late errors show. */
const AFTERWARDS_MS = 15_000;
/** From the last heartbeat until the process counts as gone, then until another process's next check, with a margin. */
const TAKEOVER_MAX_MS = 25_000;

/** The fault that a scenario caused, and its findings. */
export type ScenarioResult = {
  readonly fault: Fault;
  /** Whether another process must have taken over the lost process's connections. */
  readonly isTakenOver: boolean;
  /** From the end of the fault until events flowed again. */
  readonly recoveryMs: number | null;
  readonly faults: readonly string[];
};

export type Scenario = {
  readonly title: string;
  readonly prepare: () => Promise<{
    readonly options: Pick<StageOptions, "database" | "within">;
    readonly act: (stage: Stage, load: Load, say: (text: string) => void) => Promise<ScenarioResult>;
  }>;
};

export type FailoverRun = {
  readonly title: string;
  readonly ledger: Ledger;
  readonly takeover: Takeover | null;
  readonly recoveryMs: number | null;
  readonly orderedEvents: number;
  readonly logged: ReadonlyMap<string, number>;
  readonly durationMs: number;
};

/** Sends events through two processes, applies the scenario, waits until all work has finished, and judges the run. */
export async function runFailover(
  scenario: Scenario,
  seed: number,
  say: (text: string) => void,
): Promise<FailoverRun> {
  const startedAt = Date.now();
  const random = createRandom(seed);
  const { options, act } = await scenario.prepare();
  const stage = await createStage("postgres", random, {
    ...options,
    behaviors: BEHAVIORS,
    ordered: ORDERED,
    backlogs: BACKLOGS,
  });
  try {
    await stage.fleet.grow(PROCESSES);
    const { load, ordered } = startLoads(stage, createRandom(seed + 1));
    await pause(CALM_MS);
    await postBacklogs(stage, load);
    await pause(BACKLOG_MS);
    const done = await act(stage, load, say);
    await pause(AFTERWARDS_MS);
    await ordered.stop();
    await load.stop();
    say("waiting until everything has been delivered");
    await stage.fleet.up();
    const store = stage.database.open();
    try {
      await waitUntilIdle(store, say);
      const fleetFaults = await stage.fleet.stop();
      const { receipts, faults: wrongRequests } = await stage.receiver.readLog();
      const stored = await readStored(store);
      const { connections } = stage;
      const { posted } = load;
      const ledger = judge({ connections, posted, stored, receipts, faults: [done.fault] });
      const receiptsByPath = Map.groupBy(receipts, ({ path }) => path);
      const takeover = measureTakeover({
        connections: connections.filter(({ path }) => /^\/(ok|slow|brisk)\//.test(path)),
        posted,
        receiptsByPath,
        at: done.fault.at,
      });
      const orderFaults = judgeOrders(stage, ordered.idsByType, receiptsByPath, done.fault);
      const faults = [
        ...fleetFaults,
        ...wrongRequests,
        ...load.faults,
        ...done.faults,
        ...ledger.faults,
        ...orderFaults,
        ...(done.isTakenOver ? judgeTakeover(takeover) : []),
      ];
      return {
        title: scenario.title,
        ledger: { ...ledger, faults },
        takeover: done.isTakenOver ? takeover : null,
        recoveryMs: done.recoveryMs,
        orderedEvents: [...ordered.idsByType.values()].reduce((sum, ids) => sum + ids.length, 0),
        logged: stage.fleet.logged(),
        durationMs: Date.now() - startedAt,
      };
    } finally {
      await store.close();
    }
  } finally {
    await stage.remove();
  }
}

function startLoads(stage: Stage, random: Random) {
  const { types, connections } = stage;
  const load = startLoad({
    urls: stage.fleet.urls,
    key: stage.key,
    types,
    deliveriesEach: connections.filter(({ type }) => type === types[0]).length,
    random,
  });
  const orderedTypes = connections.map(({ type }) => type).filter((type) => type.startsWith(ORDERED_TYPE));
  return { load, ordered: startOrderedLoad(load, orderedTypes) };
}

async function postBacklogs({ connections }: Stage, load: Load): Promise<void> {
  const types = connections.map(({ type }) => type).filter((type) => type.startsWith(BACKLOG_TYPE));
  await Promise.all(types.map((type) => load.postBatch(type, BACKLOG_SIZE)));
}

function judgeOrders(
  { connections }: Stage,
  idsByType: ReadonlyMap<string, readonly string[]>,
  receiptsByPath: ReadonlyMap<string, readonly Receipt[]>,
  fault: Fault,
): string[] {
  return connections.flatMap(({ path, type }) => {
    const ids = idsByType.get(type);
    return ids === undefined
      ? []
      : judgeOrder({ path, ids, receipts: receiptsByPath.get(path) ?? [], faults: [fault] });
  });
}

function judgeTakeover(takeover: Takeover | null): string[] {
  if (takeover === null) return ["no connection waited for another process, so the run proves nothing"];
  if (takeover.worstMs <= TAKEOVER_MAX_MS) return [];
  return [`a connection waited ${takeover.worstMs} ms for another process`];
}
