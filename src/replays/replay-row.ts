import type { Schema } from "../db/schema.ts";
import type { ReplayableStatus, ReplayStatus, ReplayStopReason } from "../domain/replay.ts";
import type { DeliveryFilter } from "../history/read-filter.ts";

export type ReplayRow = Schema["replays"];

/** Which deliveries a replay sends again: of those that have ended. */
export type ReplayFilter = DeliveryFilter & { readonly statuses: readonly ReplayableStatus[] };

/** A replay as it is shown. Times are epoch milliseconds. */
export type Replay = {
  readonly id: string;
  readonly status: ReplayStatus;
  readonly stopReason: ReplayStopReason | null;
  readonly filter: ReplayFilter;
  readonly ratePerSecond: number;
  /** Deliveries the filter fits: as counted at the start, and as found once all have been gone through. */
  readonly total: number;
  /** Made due so far, those that were taken back not counted. */
  readonly queued: number;
  readonly delivered: number;
  readonly failed: number;
  /** Not sent: the connection is disconnected, the payload deleted, or the delivery cancelled meanwhile. */
  readonly skipped: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
};

export function toReplay(row: ReplayRow): Replay {
  return {
    id: row.id,
    status: row.status,
    stopReason: row.stop_reason,
    filter: JSON.parse(row.filter) as ReplayFilter,
    ratePerSecond: row.rate_per_second,
    total: row.total,
    queued: row.queued,
    delivered: row.delivered,
    failed: row.failed,
    skipped: row.skipped,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
  };
}
