import type { ReplayConnectionState, ReplayStart, ReplayStatus, ReplayStopReason } from "../domain/replay.ts";

/** The tables of `replays/`. */
export type ReplayTables = {
  replays: {
    id: string;
    workspace_id: string;
    status: ReplayStatus;
    stop_reason: ReplayStopReason | null;
    /** JSON of what is replayed. */
    filter: string;
    rate_per_second: number;
    total: number;
    queued: number;
    delivered: number;
    failed: number;
    skipped: number;
    /** The last delivery looked at; null before the first. */
    position_created_at: number | null;
    position_id: string | null;
    /** Nothing is left to be made due: it waits for the attempts of what is. */
    has_queued_all: number;
    /** When it goes on; null while it does not. */
    next_step_at: number | null;
    starts: ReplayStart;
    healthy_only: number;
    /** All that is left of it waits for receivers that do not take anything. */
    is_waiting: number;
    created_by: string;
    created_at: number;
    updated_at: number;
    finished_at: number | null;
  };
  /** Connections that a replay treats apart from the others. */
  replay_connections: {
    replay_id: string;
    connection_id: string;
    state: ReplayConnectionState;
    failures_in_a_row: number;
    /** The last of its deliveries looked at; null before the first. */
    position_created_at: number | null;
    position_id: string | null;
  };
};
