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
    /** Empty where the view does not tell it apart; `*` for what the interval had no room for. */
    connection_id: string;
    event_type: string;
    outcome: AttemptOutcome | "accepted";
    cause: string;
    attempts: number;
    /** Those that these attempts ended; where the outcome is `accepted`, those that these events led to. */
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
  /** `domain/issue.ts` tells what its columns mean. */
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
    /** The newest event of the type when it was last counted. */
    example_event_id: string;
  };
};
