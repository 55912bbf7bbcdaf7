import type { IssueState } from "../domain/issue.ts";
import type { AttemptOutcome, View } from "../domain/statistics.ts";

/** The tables of `statistics/`. */
export type StatisticsTables = {
  statistics_log: { id: string; created_at: number; body: string };
  statistics: {
    workspace_id: string;
    interval_seconds: number;
    view: View;
    start: number;
    /** Empty if the view does not distinguish it; `*` for what exceeded the interval's limit. */
    connection_id: string;
    event_type: string;
    outcome: AttemptOutcome | "accepted";
    cause: string;
    attempts: number;
    /** Deliveries that these attempts ended; for the outcome `accepted`, deliveries of these events. */
    deliveries: number;
    events: number;
    duration_ms: number;
    ms_10: number;
    ms_25: number;
    ms_50: number;
    ms_100: number;
    ms_250: number;
    ms_500: number;
    ms_1000: number;
    ms_2500: number;
    ms_5000: number;
    ms_10000: number;
    ms_15000: number;
    ms_15500: number;
    ms_30000: number;
    ms_60000: number;
    ms_longer: number;
  };
  /** `domain/issue.ts` explains the columns. */
  issues: {
    workspace_id: string;
    connection_id: string;
    cause: string;
    id: string;
    state: IssueState;
    first_seen_at: number;
    last_seen_at: number;
    failed_deliveries: number;
    retrying_attempts: number;
    impact: number;
    example_delivery_id: string | null;
    last_success_at: number | null;
    is_intermittent: number;
    continues_until: number;
    resolves_at: number | null;
    resolved_at: number | null;
    muted_at: number | null;
  };
  pending_counts: { workspace_id: string; connection_id: string; pending: number };
  event_types: {
    workspace_id: string;
    type: string;
    events: number;
    first_seen_at: number;
    last_seen_at: number;
    /** The newest event of the type at the last count. */
    example_event_id: string;
  };
};
