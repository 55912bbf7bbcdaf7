import type { ReplayConnectionState, ReplayStart, ReplayStatus, ReplayStopReason } from "../domain/replay.ts";

/** The tables of `replays/`. */
export type ReplayTables = {
  replays: {
    id: string;
    workspace_id: string;
    status: ReplayStatus;
    stop_reason: ReplayStopReason | null;
    /** JSON of the filter for what is replayed. */
    filter: string;
    rate_per_second: number;
    total: number;
    queued: number;
    delivered: number;
    failed: number;
    skipped: number;
    /** The last delivery examined; null before the first. */
    position_created_at: number | null;
    position_id: string | null;
    /** All deliveries are queued; the replay waits for their attempts. */
    has_queued_all: number;
    /** When it continues; null while it does not. */
    next_step_at: number | null;
    starts: ReplayStart;
    healthy_only: number;
    /** All its remaining deliveries wait for receivers that accept nothing. */
    is_waiting: number;
    created_by: string;
    created_at: number;
    updated_at: number;
    finished_at: number | null;
  };
  /** Connections that a replay handles separately from the others. */
  replay_connections: {
    replay_id: string;
    connection_id: string;
    state: ReplayConnectionState;
    failures_in_a_row: number;
    /** The last of its deliveries examined; null before the first. */
    position_created_at: number | null;
    position_id: string | null;
  };
};
