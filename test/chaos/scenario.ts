import type { Dialect, Store } from "../../src/db/open.ts";
import { assertEqualsRecount } from "../support/recount.ts";
import { doFault } from "./do-fault.ts";
import { readStored } from "./evidence.ts";
import type { Fault } from "./fault.ts";
import { judge, type Ledger } from "./ledger.ts";
import { type Load, startLoad } from "./load.ts";
import { pause, waitUntil } from "./pause.ts";
import { planFaults } from "./plan.ts";
import { createRandom } from "./random.ts";
import type { Receipt } from "./receipt.ts";
import { createStage, PROBE_TYPE, type Stage } from "./stage.ts";

/** One process on SQLite; on PostgreSQL two in the first half of a run, and two additional workers in the second. */
const PROCESSES: Record<Dialect, readonly [first: number, second: number]> = {
  sqlite: [1, 1],
  postgres: [2, 4],
};
/** A calm phase at the beginning, in which no delivery may be sent twice. */
const CALM_MS = 2000;
const RECOVERY_DEADLINE_MS = 60_000;
/** The timeout of a lost process, a request timeout, a retry and the probes of failed receivers, with some margin. */
const IDLE_DEADLINE_MS = 300_000;

export type Run = {
  readonly dialect: Dialect;
  readonly processes: string;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly ledger: Ledger;
  readonly refusals: ReadonlyMap<number, number>;
  readonly receipts: readonly Receipt[];
  readonly posted: Load["posted"];
  /** From the end of each fault except kills until an event was delivered, measured from its post to its receipt. */
  readonly recoveriesMs: readonly number[];
  /** Errors that the servers logged, counted. */
  readonly logged: ReadonlyMap<string, number>;
  /** How the disk was filled. */
  readonly diskMeans: string | null;
  readonly durationMs: number;
};

/** Applies all faults to one database while events flow, waits until all work has finished, and judges the run. */
export async function runScenario(options: {
  readonly dialect: Dialect;
  readonly kills: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}): Promise<Run> {
  const { dialect, say } = options;
  const startedAt = Date.now();
  const random = createRandom(options.seed);
  const stage = await createStage(dialect, random);
  const { fleet } = stage;
  try {
    const [first, second] = PROCESSES[dialect];
    await fleet.grow(first);
    const load = startLoad({
      urls: fleet.urls,
      key: stage.key,
      types: stage.types,
      deliveriesEach: stage.connections.filter(({ type }) => type === stage.types[0]).length,
      // A separate series of random numbers, so that the load's pace does not change the order of faults.
      random: createRandom(options.seed + 1),
    });
    await pause(CALM_MS);
    const faults: Fault[] = [];
    const recoveriesMs: number[] = [];
    const plan = planFaults(dialect, options.kills, random);
    for (const [index, kind] of plan.entries()) {
      if (index === Math.floor(plan.length / 2)) await fleet.grow(second);
      const fault = await doFault(kind, stage, load, random);
      faults.push(fault);
      if (kind === "kill") continue;
      const recoveryMs = await recover(stage, load);
      recoveriesMs.push(recoveryMs);
      say(`${kind} for ${fault.until - fault.at} ms; events went through ${recoveryMs} ms later`);
    }
    await load.stop();
    say(`${options.kills} kills are done; waiting until everything has been delivered`);
    await fleet.up();
    const store = stage.database.open();
    try {
      await waitUntilIdle(store, say);
      const fleetFaults = await fleet.stop();
      const { receipts, faults: wrongRequests } = await stage.receiver.readLog();
      const { connections } = stage;
      const stored = await readStored(store);
      const ledger = judge({ connections, posted: load.posted, stored, receipts, faults });
      const miscounts = await findMiscounts(store);
      return {
        dialect,
        processes: first === second ? `${first}` : `${first}, then ${second}`,
        seed: options.seed,
        faults,
        ledger: {
          ...ledger,
          faults: [...fleetFaults, ...wrongRequests, ...load.faults, ...miscounts, ...ledger.faults],
        },
        refusals: load.refusals,
        receipts,
        posted: load.posted,
        recoveriesMs,
        logged: fleet.logged(),
        diskMeans: stage.disk?.means ?? null,
        durationMs: Date.now() - startedAt,
      };
    } finally {
      await store.close();
    }
  } finally {
    await stage.remove();
  }
}

/** Statistics must equal the stored rows, whatever happened to the processes that counted. */
async function findMiscounts(store: Store): Promise<readonly string[]> {
  try {
    await assertEqualsRecount(store);
    return [];
  } catch (error) {
    const [first = ""] = String(error).split("\n");
    return [`the statistics differ from a recount: ${first}`];
  }
}

/** Posts an event and waits until it is received. Returns how long that took, in milliseconds. */
export async function recover({ receiver }: Stage, load: Load): Promise<number> {
  const from = Date.now();
  const id = await load.postOne(PROBE_TYPE);
  let seenAt: number | null = null;
  await waitUntil("that events flow again", RECOVERY_DEADLINE_MS, async () => {
    seenAt = await receiver.lastSeen(id);
    return seenAt !== null;
  });
  return Math.round((seenAt ?? 0) - from);
}

/** Waits until no deliveries are pending. Deliveries that do not finish in time appear in the ledger. */
export async function waitUntilIdle({ db }: Pick<Store, "db">, say: (text: string) => void): Promise<void> {
  let pending = "";
  const isIdle = async () => {
    const rows = await db
      .selectFrom("deliveries")
      .select((eb) => ["status", eb.fn.countAll<number>().as("count")])
      .where("status", "=", "pending")
      .groupBy("status")
      .execute();
    pending = rows.map(({ status, count }) => `${count} ${status}`).join(", ");
    await pause(500);
    return rows.length === 0;
  };
  await waitUntil("the end of all deliveries", IDLE_DEADLINE_MS, isIdle).catch(async () => {
    say(`still pending: ${pending}`);
    for (const line of await describeOpen(db)) say(line);
  });
}

/** Describes the connections of pending deliveries and the workers, which may explain why deliveries are pending. */
async function describeOpen(db: Store["db"]): Promise<string[]> {
  const open = await db
    .selectFrom("deliveries")
    .innerJoin("connections", "connections.id", "deliveries.connection_id")
    .select((eb) => [
      "connections.name",
      "connections.id",
      "connections.status as connection_status",
      "connections.health",
      "connections.probe_at",
      "connections.hold_until",
      "deliveries.status",
      eb.fn.countAll<number>().as("count"),
      eb.fn.min("deliveries.next_attempt_at").as("due_at"),
    ])
    .where("deliveries.status", "=", "pending")
    .groupBy([
      "connections.name",
      "connections.id",
      "connections.status",
      "connections.health",
      "connections.probe_at",
      "connections.hold_until",
      "deliveries.status",
    ])
    .execute();
  const workers = await db.selectFrom("workers").select(["id", "beat_at"]).execute();
  return [...open, ...workers].map((row) => JSON.stringify(row));
}
