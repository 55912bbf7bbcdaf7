import { sql } from "kysely";
import { isAmong } from "../db/among.ts";
import type { MergedTable } from "../db/hot-statements.ts";
import { inSlices } from "../db/in-slices.ts";
import type { DatabaseTransaction, Store } from "../db/open.ts";
import { BackgroundWork } from "../db/turns.ts";
import { bounded } from "./bound.ts";
import { StatisticsEntry, type WorkspaceEntry } from "./entry.ts";
import { foldIssues, resolveDueIssues } from "./fold-issues.ts";
import { readFull } from "./read-full.ts";
import { type Group, rollUp, rowsOf } from "./roll-up.ts";
import { ROLLUPS } from "./rollups-table.ts";

/** An arbitrary number that only folding uses (PostgreSQL, `pg_try_advisory_xact_lock`). */
const FOLD_LOCK = 3_015_003;
/** Limits for one transaction: a commit logs about 200 bytes, or about 10 kB if it concerns many connections. */
const ROWS_PER_STEP_MAX = 500;
const CHARACTERS_PER_STEP_MAX = 1024 * 1024;
const STEPS_PER_ROUND_MAX = 20;
/** Pause after a round, as a multiple of its duration and with a limit, so that later commits are folded together. */
const PAUSE_FACTOR = 20;
const PAUSE_MAX_MS = 3000;

const PENDING: MergedTable = {
  name: "pending_counts",
  columns: { workspace_id: "text", connection_id: "text", pending: "bigint" },
  key: ["workspace_id", "connection_id"],
  merge: { pending: "add" },
};

const TYPES: MergedTable = {
  name: "event_types",
  columns: {
    workspace_id: "text",
    type: "text",
    events: "bigint",
    first_seen_at: "bigint",
    last_seen_at: "bigint",
    example_event_id: "text",
  },
  key: ["workspace_id", "type"],
  merge: { events: "add", last_seen_at: "max", example_event_id: "replace" },
};

type FoldStore = Pick<Store, "db" | "dialect" | "hot" | "transact">;

/**
 * Folds the log written by commits into the tables that are read. Only one process folds at a time. A step is one
 * transaction that also deletes what it has added, so a crash loses nothing and counts nothing twice.
 */
export class StatisticsFolder {
  readonly #store: FoldStore;
  readonly #now: () => number;
  #pausedUntil = 0;
  #round: Promise<void> | null = null;
  #isStopping = false;

  constructor(store: FoldStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Folds the log in bounded steps, unless the pause after the last round has not ended. */
  async foldSome(): Promise<void> {
    if (performance.now() < this.#pausedUntil || this.#isStopping) return;
    this.#round ??= this.#foldRound().finally(() => {
      this.#round = null;
    });
    await this.#round;
  }

  /** Folds the whole log. */
  async foldAll(): Promise<void> {
    while ((await foldStep(this.#store)).rows > 0);
    await resolveDueIssues(this.#store, this.#now());
  }

  /** Resolves when the current step has ended; no other begins. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#round?.catch(() => undefined);
  }

  async #foldRound(): Promise<void> {
    const work = new BackgroundWork("statistics");
    let spentMs = 0;
    for (let steps = 0; steps < STEPS_PER_ROUND_MAX && !this.#isStopping; steps++) {
      const startedAt = performance.now();
      const { isFull } = await foldStep(this.#store);
      spentMs += performance.now() - startedAt;
      if (!isFull) break;
      await work.nextStep();
    }
    await resolveDueIssues(this.#store, this.#now());
    this.#pausedUntil = performance.now() + Math.min(PAUSE_FACTOR * spentMs, PAUSE_MAX_MS);
  }
}

type Step = {
  /** How many rows of the log were folded. */
  readonly rows: number;
  /** Whether more rows may be left. */
  readonly isFull: boolean;
};
const NOTHING: Step = { rows: 0, isFull: false };

/** An idle instance opens no transaction. */
async function foldStep(store: FoldStore): Promise<Step> {
  const first = await store.db.selectFrom("statistics_log").select("id").limit(1).executeTakeFirst();
  if (first === undefined) return NOTHING;
  return store.transact(async (trx) => {
    if (store.dialect === "postgres" && !(await isOurTurn(trx))) return NOTHING;
    const rows = await readLog(trx);
    const entry = new StatisticsEntry();
    await inSlices(rows, ({ body }) => entry.addText(body));
    await addToStatistics(store, trx, entry);
    const ids = rows.map(({ id }) => id);
    await trx
      .deleteFrom("statistics_log")
      .where((eb) => isAmong(store.dialect, eb.ref("id"), ids))
      .execute();
    const characters = rows.reduce((sum, { body }) => sum + body.length, 0);
    return {
      rows: rows.length,
      isFull: rows.length >= ROWS_PER_STEP_MAX || characters >= CHARACTERS_PER_STEP_MAX,
    };
  });
}

type LogRow = { readonly id: string; readonly body: string };

/** The oldest rows, up to the limits of one step. */
async function readLog(trx: DatabaseTransaction): Promise<readonly LogRow[]> {
  const lengths = await trx
    .selectFrom("statistics_log")
    .select((eb) => ["id", eb.fn<number>("length", ["body"]).as("length")])
    .orderBy("id")
    .limit(ROWS_PER_STEP_MAX)
    .execute();
  let lastId = "";
  let characters = 0;
  for (const { id, length } of lengths) {
    lastId = id;
    characters += length;
    if (characters >= CHARACTERS_PER_STEP_MAX) break;
  }
  return trx.selectFrom("statistics_log").select(["id", "body"]).where("id", "<=", lastId).execute();
}

/**
 * Adds an entry to the tables that are read. Minutes before `minutesFrom` are left out, since only their hours are
 * kept.
 */
export async function addToStatistics(
  { hot, dialect }: Pick<FoldStore, "hot" | "dialect">,
  trx: DatabaseTransaction,
  entry: StatisticsEntry,
  minutesFrom = 0,
): Promise<void> {
  const workspaces = [...entry.workspaces];
  const groups: Group[] = [];
  const isStored = ({ interval, start }: Group) => interval !== "minute" || start >= minutesFrom;
  await inSlices(
    workspaces,
    ([workspaceId, added]) => void groups.push(...rollUp(workspaceId, added).filter(isStored)),
  );
  const full = await readFull(trx, dialect, groups);
  const rows = groups.flatMap((group) => {
    const known = full.get(group);
    return rowsOf(known === undefined ? group : bounded(group, known));
  });
  await hot.mergeRows(trx, ROLLUPS, rows);
  await hot.mergeRows(
    trx,
    PENDING,
    workspaces.flatMap(([workspaceId, { pending }]) =>
      [...pending].filter(([, change]) => change !== 0).map(([id, change]) => [workspaceId, id, change]),
    ),
  );
  await hot.mergeRows(trx, TYPES, workspaces.flatMap(typeRows));
  await foldIssues({ hot, dialect }, trx, workspaces);
}

/** One row per type, even if its events were accepted in several minutes. */
function typeRows([workspaceId, { events }]: [string, WorkspaceEntry]) {
  const byType = Map.groupBy(events.values(), ({ type }) => type);
  return [...byType].map(([type, series]) => {
    const latest = series.reduce((a, b) => (b.lastAcceptedAt >= a.lastAcceptedAt ? b : a));
    const earliest = Math.min(...series.map(({ minute }) => minute));
    const count = series.reduce((sum, { counts }) => sum + counts.events, 0);
    return [workspaceId, type, count, earliest, latest.lastAcceptedAt, latest.exampleId];
  });
}

/** The lock is released at the end of the step's transaction. */
async function isOurTurn(trx: DatabaseTransaction): Promise<boolean> {
  const { rows } = await sql<{
    ours: boolean;
  }>`select pg_try_advisory_xact_lock(${FOLD_LOCK}) as ours`.execute(trx);
  return rows[0]?.ours === true;
}
