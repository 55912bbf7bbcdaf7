import type { AttemptTrigger } from "../domain/delivery.ts";
import type { Database, DatabaseTransaction } from "./open.ts";
import type { Schema } from "./schema.ts";

/** The SQL type of each column of a bulk insert, in order. */
export type BulkColumns = Readonly<Record<string, "text" | "bigint">>;
export type BulkRow = readonly (string | number | null)[];

/** The columns of `connections` that say what may be sent of a queue, and how. */
export const QUEUE_COLUMNS = [
  "id",
  "workspace_id",
  "provider",
  "version",
  "status",
  "probe_at",
  "probe_delay_ms",
  "hold_until",
  "hold_ms",
  "ordered",
  "concurrency",
  "rate_limit_per_minute",
  "rate_next_at",
  "timeout_seconds",
  "sealed_credentials",
  "endpoint_host",
  "endpoint_preview",
  "endpoint_fingerprint",
  "receiver",
] as const satisfies readonly (keyof Schema["connections"])[];

/** What a reader of a queue must know of its connection. */
export type QueueState = Pick<Schema["connections"], (typeof QUEUE_COLUMNS)[number]>;

/** How many deliveries to take of a connection's queue at most. */
export type QueueLimit = { readonly connectionId: string; readonly limit: number };

export type DueRow = {
  readonly id: string;
  readonly connection_id: string;
  readonly trigger_kind: AttemptTrigger;
  readonly event_bytes: number;
};

/** A pending delivery with its event. */
export type QueuedRow = {
  readonly id: string;
  readonly connection_id: string;
  readonly trigger_kind: AttemptTrigger;
  readonly attempt_count: number;
  readonly next_attempt_at: number | null;
  readonly replay_id: string | null;
  readonly event_bytes: number;
  readonly event_id: string;
  readonly type: string;
  readonly event_created_at: number;
  readonly accepted_at: number;
  readonly data: string;
  readonly trace_context: string | null;
  readonly origin: "application" | "system";
};

export type FinishedRow = {
  readonly id: string;
  /** Attempts that were recorded of it when it was taken up. */
  readonly attemptCount: number;
  readonly status: "delivered" | "pending" | "failed";
  readonly nextAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly finishedAt: number;
};

export type KeptAttempts = {
  /** Deliveries of attempts that were kept before, by an earlier run of the same commit. */
  readonly keptBefore: readonly string[];
  /** Deliveries of attempts that got another number. */
  readonly renumbered: readonly string[];
};

/** Up to when a connection has used up its rate limit, epoch milliseconds. */
export type TakenRate = { readonly id: string; readonly takenUntil: number };

/** What went well at a connection that is known to be well. */
export type SteadyConnection = { readonly id: string; readonly lastFinishedAt: number };

/** What to make of a column whose row is there already. */
type Merge = "add" | "max" | "replace";

/** A table whose rows are merged by their key. Columns that are neither key nor merged stay as they were first written. */
export type MergedTable = {
  readonly name: string;
  readonly columns: BulkColumns;
  readonly key: readonly string[];
  readonly merge: Readonly<Record<string, Merge>>;
};

/** What a finished delivery was before: `null` when its state is another's, so that nothing was written. */
export type StateBefore = "pending" | "ended" | null;

/** Begins after `on conflict`. `greatest` is the function that the database has for it. */
export function mergeClause({ name, key, merge }: MergedTable, greatest: "max" | "greatest"): string {
  const merged: Readonly<Record<Merge, (column: string) => string>> = {
    add: (column) => `${name}.${column} + excluded.${column}`,
    max: (column) => `${greatest}(${name}.${column}, excluded.${column})`,
    replace: (column) => `excluded.${column}`,
  };
  const sets = Object.entries(merge).map(([column, how]) => `${column} = ${merged[how](column)}`);
  return `(${key.join(", ")}) do update set ${sets.join(", ")}`;
}

/** The few statements that run for every event and that the two databases are best told in their own words. */
export type HotStatements = {
  readonly insertRows: (
    trx: DatabaseTransaction,
    table: string,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<void>;
  /**
   * Stores events whose ids are not taken. Returns workspace and id of those that are, because another transaction has
   * stored them since they were looked up. The columns begin with workspace and id.
   */
  readonly insertEvents: (
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<readonly (readonly [workspaceId: string, id: string])[]>;
  /**
   * Keeps attempts; one whose number is taken, since two processes sent the same delivery, gets the next one. The columns begin
   * with delivery, number, trigger, start and duration; those five tell one attempt from another.
   */
  readonly insertAttempts: (
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<KeptAttempts>;
  /** What may be sent of these connections, and how. Those that do not exist are left out. */
  readonly readQueues: (db: Database, connectionIds: readonly string[]) => Promise<readonly QueueState[]>;
  /** What is due of these connections, at most so many of each, oldest first within each. */
  readonly pickDue: (db: Database, limits: readonly QueueLimit[], now: number) => Promise<readonly DueRow[]>;
  /** Pending deliveries with their events, in the order of the ids. Those no longer pending are left out. */
  readonly readDue: (db: Database, ids: readonly string[]) => Promise<readonly QueuedRow[]>;
  /**
   * Writes what became of pending deliveries of which no other attempt was recorded since they were taken up, and counts
   * the attempt. A success counts also where the delivery was cancelled, or put back by the end of a replay, meanwhile: the
   * receiver has it. Returns what each was before.
   */
  readonly finishDeliveries: (
    trx: DatabaseTransaction,
    finished: readonly FinishedRow[],
  ) => Promise<readonly StateBefore[]>;
  /** Counts the attempts of deliveries anew, but of those that are `pending` in another's hands. */
  readonly recountAttempts: (
    trx: DatabaseTransaction,
    renumbered: readonly string[],
    superseded: readonly string[],
  ) => Promise<void>;
  /** Notes up to when the rate of these connections is used up; a later time that is noted already stays, if it can be true. */
  readonly noteRates: (trx: DatabaseTransaction, rates: readonly TakenRate[]) => Promise<void>;
  /** Notes successes of healthy connections. Returns the ids of those that turned out not to be healthy: not noted. */
  readonly touchConnections: (
    trx: DatabaseTransaction,
    steady: readonly SteadyConnection[],
  ) => Promise<readonly string[]>;
  /** Inserts rows, or merges them with those that have their key. No two of them may have the same key. */
  readonly mergeRows: (
    trx: DatabaseTransaction,
    table: MergedTable,
    rows: readonly BulkRow[],
  ) => Promise<void>;
};
