import type { DatabaseTransaction } from "./open.ts";
import type { Schema } from "./schema.ts";

/** The SQL type of each column of a bulk insert, in order. */
export type BulkColumns = Readonly<Record<string, "text" | "bigint">>;
export type BulkRow = readonly (string | number | null)[];

export const CLAIM_COLUMNS = [
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
  "sealed_credentials",
  "endpoint_host",
  "endpoint_preview",
  "endpoint_fingerprint",
  "receiver",
] as const satisfies readonly (keyof Schema["connections"])[];

/** What claiming must know of a connection. */
export type ClaimableConnection = Pick<Schema["connections"], (typeof CLAIM_COLUMNS)[number]>;

export type DueRow = {
  readonly id: string;
  readonly connection_id: string;
  readonly event_bytes: number;
};

/** A delivery under lease, with its event. */
export type ClaimedRow = {
  readonly id: string;
  readonly connection_id: string;
  readonly trigger_kind: "schedule" | "manual" | "test";
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
  readonly status: "delivered" | "pending" | "failed";
  readonly nextAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly finishedAt: number;
};

/** What went well at a connection that is known to be well. */
export type SteadyConnection = { readonly id: string; readonly lastFinishedAt: number };

/** Attempts of one hour at one connection. */
export type HourCount = {
  readonly connectionId: string;
  readonly hour: number;
  readonly delivered: number;
  readonly failed: number;
};

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
   * Keeps attempts; one whose number is taken, since two processes sent the same delivery after a lease was lost, gets
   * the next one. Returns the ids of those that were kept before, by an earlier run of the same commit. The columns begin
   * with id, delivery and number.
   */
  readonly insertAttempts: (
    trx: DatabaseTransaction,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<readonly string[]>;
  /** Reads connections and keeps other processes from claiming of them until the end of the transaction. */
  readonly lockConnections: (
    trx: DatabaseTransaction,
    connectionIds: readonly string[],
  ) => Promise<readonly ClaimableConnection[]>;
  /**
   * What is due of these connections, at most so many of each, oldest first within each. A connection of which another
   * process has something under lease is left to it; one that must be idle, while anybody has.
   */
  readonly pickDue: (
    trx: DatabaseTransaction,
    limits: readonly {
      readonly connectionId: string;
      readonly limit: number;
      readonly mustBeIdle: boolean;
    }[],
    now: number,
    holder: string,
  ) => Promise<readonly DueRow[]>;
  /** Takes pending deliveries under a lease and reads their events. Those no longer pending are left out. */
  readonly lease: (
    trx: DatabaseTransaction,
    ids: readonly string[],
    lease: { readonly holder: string; readonly expiresAt: number; readonly now: number },
  ) => Promise<readonly ClaimedRow[]>;
  /**
   * Writes what became of deliveries this holder has under lease, and counts the attempt. Returns the ids of those it no
   * longer had: their attempt is counted, their state is another's.
   */
  readonly finishDeliveries: (
    trx: DatabaseTransaction,
    holder: string,
    finished: readonly FinishedRow[],
  ) => Promise<readonly string[]>;
  /** Notes successes of healthy connections. Returns the ids of those that turned out not to be healthy: not noted. */
  readonly touchConnections: (
    trx: DatabaseTransaction,
    steady: readonly SteadyConnection[],
  ) => Promise<readonly string[]>;
  readonly addHourCounts: (trx: DatabaseTransaction, counts: readonly HourCount[]) => Promise<void>;
};
