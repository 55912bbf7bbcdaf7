import type { DatabaseTransaction } from "./open.ts";

/** The SQL type of each column of a bulk insert, in order. */
export type BulkColumns = Readonly<Record<string, "text" | "bigint">>;
export type BulkRow = readonly (string | number | null)[];

export type ClaimRequest = {
  /** Connections to look at, in this order. */
  readonly connectionIds: readonly string[];
  /** In flight at once for each; one that fails gets one probe at a time, and none before its `probe_at`. */
  readonly inFlightMax: number;
  readonly claimsMax: number;
  readonly now: number;
  readonly holder: string;
  readonly leaseExpiresAt: number;
};

export type ClaimedRow = {
  readonly id: string;
  readonly workspace_id: string;
  readonly connection_id: string;
  readonly event_id: string;
  readonly trigger_kind: "schedule" | "manual" | "test";
  readonly attempt_count: number;
};

export type FinishedRow = {
  readonly id: string;
  readonly status: "delivered" | "pending" | "failed";
  readonly attemptCount: number;
  readonly nextAttemptAt: number | null;
};

/** The few statements that run for every event and that the two databases are best told in their own words. */
export type HotStatements = {
  readonly insertRows: (
    trx: DatabaseTransaction,
    table: string,
    columns: BulkColumns,
    rows: readonly BulkRow[],
  ) => Promise<void>;
  /** Writes what became of deliveries this holder has under lease; others are left as they are. */
  readonly finishDeliveries: (
    trx: DatabaseTransaction,
    holder: string,
    now: number,
    finished: readonly FinishedRow[],
  ) => Promise<void>;
  /** Takes due deliveries of connected connections under a lease, oldest first within each connection. */
  readonly claimDue: (trx: DatabaseTransaction, request: ClaimRequest) => Promise<readonly ClaimedRow[]>;
};
