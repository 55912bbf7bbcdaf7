import type { Schema } from "../db/schema.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import type { ReplayableStatus, ReplayStart, ReplayStatus, ReplayStopReason } from "../domain/replay.ts";
import { ANY_DELIVERY, type DeliveryFilter } from "../history/read-filter.ts";

export type ReplayRow = Schema["replays"];

/** The deliveries that a replay sends again, among those that have ended. */
export type ReplayFilter = DeliveryFilter & { readonly statuses: readonly ReplayableStatus[] };

export type NamedConnection = { readonly connectionId: string; readonly name: string };

/** A replay as shown. Times are epoch milliseconds. */
export type Replay = {
  readonly id: string;
  readonly status: ReplayStatus;
  readonly stopReason: ReplayStopReason | null;
  readonly filter: ReplayFilter;
  readonly starts: ReplayStart;
  readonly healthyOnly: boolean;
  /** All remaining deliveries wait for receivers that accept nothing at the moment. */
  readonly isWaiting: boolean;
  readonly connections: ReplayConnections;
  readonly ratePerSecond: number;
  /** Deliveries that match the filter: as counted at the start, and as found once all have been examined. */
  readonly total: number;
  /** Queued so far, without those that were withdrawn. */
  readonly queued: number;
  readonly delivered: number;
  readonly failed: number;
  /**
   * Not sent: the connection is disconnected or left out, the payload is deleted, or the delivery was cancelled
   * meanwhile.
   */
  readonly skipped: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
};

/** Connections that a replay handles separately, limited to those that are named. */
export type ReplayConnections = {
  readonly waiting: readonly NamedConnection[];
  readonly stopped: readonly NamedConnection[];
};

export const NO_CONNECTIONS: ReplayConnections = { waiting: [], stopped: [] };

export function toReplay(row: ReplayRow, connections: ReplayConnections): Replay {
  return {
    id: row.id,
    status: row.status,
    stopReason: row.stop_reason,
    filter: readStoredFilter(row.filter),
    starts: row.starts,
    healthyOnly: row.healthy_only === 1,
    isWaiting: row.status === "running" && row.is_waiting === 1,
    connections,
    ratePerSecond: row.rate_per_second,
    // The count at the start may have covered only a part.
    total: row.finished_at === null ? Math.max(row.total, row.queued + row.skipped) : row.total,
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

/** The form in which earlier versions stored it: at most one connection and one type. */
type EarlierFilter = { readonly connectionId?: string | null; readonly eventType?: string | null };

export function readStoredFilter(text: string): ReplayFilter {
  const { connectionId, eventType, ...stored } = JSON.parse(text) as Partial<ReplayFilter> & EarlierFilter;
  const earlier = {
    ...(connectionId == null ? {} : { connectionIds: [connectionId] }),
    ...(eventType == null ? {} : { eventTypes: [eventType] }),
  };
  const statuses: readonly DeliveryStatus[] = stored.statuses ?? ["failed"];
  return { ...ANY_DELIVERY, ...stored, ...earlier, statuses: statuses as readonly ReplayableStatus[] };
}
