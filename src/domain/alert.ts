/** Conditions that an alert can watch. */
export const ALERT_CONDITIONS = [
  "connection_failing",
  "connection_paused",
  "backlog",
  "oldest_waiting",
  "silence",
  "no_events",
] as const;
export type AlertCondition = (typeof ALERT_CONDITIONS)[number];

type Threshold = {
  readonly unit: "minutes" | "deliveries";
  readonly min: number;
  readonly max: number;
  readonly initial: number;
};

const WEEK_MINUTES = 7 * 24 * 60;

/** Unit and range of each condition's threshold; null for a condition without one. */
export const ALERT_THRESHOLDS: Readonly<Record<AlertCondition, Threshold | null>> = {
  connection_failing: { unit: "minutes", min: 0, max: WEEK_MINUTES, initial: 5 },
  connection_paused: null,
  backlog: { unit: "deliveries", min: 1, max: 1_000_000_000, initial: 1000 },
  oldest_waiting: { unit: "minutes", min: 1, max: WEEK_MINUTES, initial: 15 },
  silence: { unit: "minutes", min: 60, max: WEEK_MINUTES, initial: 60 },
  no_events: { unit: "minutes", min: 60, max: WEEK_MINUTES, initial: 60 },
};

/** Used instead of a connection's id when a condition is about the workspace as a whole. */
export const WHOLE_WORKSPACE = "";

/** Kinds of notices that an alert sends. */
export const NOTICE_KINDS = ["raised", "recovered", "test"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
