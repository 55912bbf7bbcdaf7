import type { AttemptTrigger } from "../domain/delivery.ts";
import type { Database, DatabaseTransaction } from "./open.ts";
import type { Schema } from "./schema.ts";

/** The SQL type of each column of a bulk insert, in order. */
export type BulkColumns = Readonly<Record<string, "text" | "bigint">>;
export type BulkRow = readonly (string | number | null)[];

/** The columns of `connections` that decide what can be sent from a queue, and how. */
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

/** The state of a connection that matters to its queue. */
export type QueueState = Pick<Schema["connections"], (typeof QUEUE_COLUMNS)[number]>;

/** The maximum number of deliveries to take from a connection's queue. */
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
  /** Attempts recorded for it when it was read. */
  readonly attemptCount: number;
  readonly status: "delivered" | "pending" | "failed";
  readonly nextAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly finishedAt: number;
};

export type InsertedAttempts = {
  /** Deliveries whose attempts were already stored, by an earlier run of the same commit. */
  readonly recordedBefore: readonly string[];
  /** Deliveries whose attempts got a different number. */
  readonly renumbered: readonly string[];
};

/** The time until which a connection has used up its rate limit, epoch milliseconds. */
export type UsedRate = { readonly id: string; readonly usedUntil: number };

/** Successes at a connection that is known to be healthy. */
export type SteadyConnection = { readonly id: string; readonly lastFinishedAt: number };

/** How a column is merged when its row already exists. */
type Merge = "add" | "max" | "replace";

/** A table whose rows are merged by key. Columns that are neither key nor merged keep their first value. */
export type MergedTable = {
  readonly name: string;
  readonly columns: BulkColumns;
  readonly key: readonly string[];
  readonly merge: Readonly<Record<string, Merge>>;
};

/** The state of a finished delivery before: `null` if something else had set it, so that nothing was written. */
export type StateBefore = "pending" | "ended" | null;

/** The clause after `on conflict`. `greatest` is the database's function for the larger of two values. */
export function mergeClause({ name, key, merge }: MergedTable, greatest: "max" | "greatest"): string {
  const merged: Readonly<Record<Merge, (column: string) => string>> = {
    add: (column) => `${name}.${column} + excluded.${column}`,
    max: (column) => `${greatest}(${name}.${column}, excluded.${column})`,
    replace: (column) => `excluded.${column}`,
  };
  const sets = Object.entries(merge).map(([column, how]) => `${column} = ${merged[how](column)}`);
  return `(${key.join(", ")}) do update set ${sets.join(", ")}`;
}

/** The few statements that run for every event and have a version for each database. */
export type HotStatements = {
  readonly insertRows: (
    trx: DatabaseTransaction,
    table: string,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<void>;
  /**
   * Stores events whose ids are not taken. Returns workspace and id of the others, which another transaction has stored
   * since they were looked up. The columns begin with workspace and id.
   */
  readonly insertEvents: (
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<readonly (readonly [workspaceId: string, id: string])[]>;
  /**
   * Stores attempts. If a number is taken, because two processes sent the same delivery, the attempt gets the next
   * number. The columns begin with delivery, number, trigger, start and duration, which together identify an attempt.
   */
  readonly insertAttempts: (
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<InsertedAttempts>;
  /** The state of the queues of these connections. Connections that do not exist are left out. */
  readonly readQueues: (db: Database, connectionIds: readonly string[]) => Promise<readonly QueueState[]>;
  /** The due deliveries of these connections, within each limit, oldest first per connection. */
  readonly pickDue: (db: Database, limits: readonly QueueLimit[], now: number) => Promise<readonly DueRow[]>;
  /** Pending deliveries with their events, in the order of the ids. Deliveries no longer pending are left out. */
  readonly readDue: (db: Database, ids: readonly string[]) => Promise<readonly QueuedRow[]>;
  /**
   * Writes the outcome of pending deliveries, unless another attempt was recorded since they were read, and counts the
   * attempt. A success counts even if the delivery was cancelled, or restored by a stopped replay, in the meantime: the
   * receiver has it. Returns the previous state of each.
   */
  readonly finishDeliveries: (
    trx: DatabaseTransaction,
    finished: readonly FinishedRow[],
  ) => Promise<readonly StateBefore[]>;
  /** Recounts the attempts of deliveries, but not of those in `superseded` that are pending: their owner counts these. */
  readonly recountAttempts: (
    trx: DatabaseTransaction,
    renumbered: readonly string[],
    superseded: readonly string[],
  ) => Promise<void>;
  /**
   * Records until when the rate of these connections is used up. A later time already recorded is kept if it is
   * plausible.
   */
  readonly saveRates: (trx: DatabaseTransaction, rates: readonly UsedRate[]) => Promise<void>;
  /**
   * Records successes of healthy connections. Returns the ids of those that turned out not to be healthy, for which
   * nothing is recorded.
   */
  readonly touchConnections: (
    trx: DatabaseTransaction,
    steady: readonly SteadyConnection[],
  ) => Promise<readonly string[]>;
  /** Inserts rows, or merges them with existing rows of the same key. No two of them can have the same key. */
  readonly mergeRows: (
    trx: DatabaseTransaction,
    table: MergedTable,
    rows: readonly BulkRow[],
  ) => Promise<void>;
};
