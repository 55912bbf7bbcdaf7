import { ALERT_THRESHOLDS, type AlertCondition } from "../../../src/domain/alert.ts";
import type { Alert, AlertNotice } from "../api/types.ts";
import { counted } from "../text/count.ts";

export const CONDITION_NAMES: Readonly<Record<AlertCondition, string>> = {
  connection_failing: "Connection failing",
  connection_paused: "Connection paused",
  backlog: "Large backlog",
  oldest_waiting: "Overdue deliveries",
  silence: "Connection silent",
  no_events: "No events",
};

export const CONDITION_HINTS: Readonly<Record<AlertCondition, string>> = {
  connection_failing: "A connection has been failing for a while.",
  connection_paused: "A connection is paused, by a person or because its receiver kept failing.",
  backlog: "A connection has many pending deliveries.",
  oldest_waiting: "A delivery has been due for a while and has not been sent.",
  silence: "A connection that usually has deliveries at this time has none.",
  no_events: "The workspace usually receives events at this time and receives none.",
};

export function thresholdLabel(condition: AlertCondition): string {
  return ALERT_THRESHOLDS[condition]?.unit === "deliveries"
    ? "More pending deliveries than"
    : "After minutes";
}

/** "Failing for 5 minutes · all connections" */
export function watchedWords({ condition, threshold, connection_ids: ids }: Alert): string {
  const scope = ids === null ? "all connections" : counted(ids.length, "connection", "connections");
  return [
    CONDITION_NAMES[condition],
    limitWords(condition, threshold),
    condition === "no_events" ? null : scope,
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function limitWords(condition: AlertCondition, threshold: number | null): string | null {
  if (threshold === null) return null;
  if (condition === "backlog") return `more than ${counted(threshold, "delivery", "deliveries")}`;
  return threshold === 0 ? "immediately" : `after ${counted(threshold, "minute", "minutes")}`;
}

/** "Ada, Grace and the connection Slack" */
export function recipientWords({ recipients: { members, connection } }: Alert): string {
  const names = members.map(({ name }) => name);
  if (connection !== null) names.push(connection.name);
  return names.length === 0 ? "No one: all recipients have been removed" : names.join(", ");
}

/** The state of a notice's mails: "2 mails sent", "1 mail waiting". */
export function mailWords({ mails: { count, sent, failed } }: Pick<AlertNotice, "mails">): string | null {
  if (count === 0) return null;
  const waiting = count - sent - failed;
  const parts = [
    [sent, "sent"],
    [waiting, "waiting"],
    [failed, "not sent"],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${counted(number, "mail", "mails")} ${word}`)
    .join(", ");
}
