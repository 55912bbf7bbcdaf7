import { type AlertCondition, type NoticeKind, WHOLE_WORKSPACE } from "../domain/alert.ts";
import type { JsonObject } from "../domain/json/json.ts";
import type { MailItem } from "../mail/mail.ts";
import type { NamedSubject } from "./read-subjects.ts";

/** Connections that a notice lists by name; the others are counted. */
const NAMED_MAX = 20;
const ERROR_LENGTH_MAX = 200;

/** The content of a notice, before it becomes a mail or an event. */
export type Notice = {
  readonly kind: Exclude<NoticeKind, "test">;
  readonly condition: AlertCondition;
  readonly subjects: readonly NamedSubject[];
};

export type WrittenNotice = {
  /** One line. */
  readonly summary: string;
  readonly items: readonly MailItem[];
  /** Number of connections not listed by name. */
  readonly others: number;
  readonly url: string;
};

const RAISED: Readonly<Record<AlertCondition, readonly [one: string, many: string]>> = {
  connection_failing: ["is failing", "connections are failing"],
  connection_paused: ["is paused", "connections are paused"],
  backlog: ["has a large backlog", "connections have a large backlog"],
  oldest_waiting: ["has overdue deliveries", "connections have overdue deliveries"],
  silence: [
    "has had no deliveries for unusually long",
    "connections have had no deliveries for unusually long",
  ],
  no_events: ["No events have arrived for unusually long", ""],
};
const RECOVERED: Readonly<Record<AlertCondition, readonly [one: string, many: string]>> = {
  connection_failing: ["has recovered", "connections have recovered"],
  connection_paused: ["is no longer paused", "connections are no longer paused"],
  backlog: ["has worked off its backlog", "connections have worked off their backlog"],
  oldest_waiting: ["has no overdue deliveries any more", "connections have no overdue deliveries any more"],
  silence: ["has deliveries again", "connections have deliveries again"],
  no_events: ["Events are arriving again", ""],
};

export function writeNotice({ kind, condition, subjects }: Notice, publicUrl: string): WrittenNotice {
  const [one, many] = (kind === "raised" ? RAISED : RECOVERED)[condition];
  const [first] = subjects;
  const connections = subjects.filter(({ id }) => id !== WHOLE_WORKSPACE);
  const named = connections.slice(0, NAMED_MAX);
  const ofOne = first === undefined || first.id === WHOLE_WORKSPACE ? one : `${first.name} ${one}`;
  return {
    summary: subjects.length > 1 ? `${subjects.length} ${many}` : ofOne,
    items: named.map((subject) => ({
      title: subject.name,
      detail: describe(kind, condition, subject),
      url: urlOf(publicUrl, subject),
    })),
    others: connections.length - named.length,
    url:
      first !== undefined && connections.length === 1
        ? urlOf(publicUrl, first)
        : listUrl(publicUrl, kind, condition),
  };
}

function urlOf(publicUrl: string, { id }: NamedSubject): string {
  return `${publicUrl}/integrations/connections/${id}`;
}

function listUrl(publicUrl: string, kind: Notice["kind"], condition: AlertCondition): string {
  if (condition === "no_events") return `${publicUrl}/events`;
  if (kind === "raised" && condition === "connection_failing")
    return `${publicUrl}/integrations/webhook?state=failing`;
  if (kind === "raised" && condition === "connection_paused")
    return `${publicUrl}/integrations/webhook?state=paused`;
  return `${publicUrl}/integrations/webhook`;
}

function describe(kind: Notice["kind"], condition: AlertCondition, subject: NamedSubject): string {
  const waiting = subject.pending > 0 ? `${subject.pending} pending` : "nothing pending";
  if (kind === "recovered") return `${waiting}.`;
  const parts = {
    connection_failing: since("failing", subject.stateSince),
    connection_paused: since("paused", subject.stateSince),
    backlog: null,
    oldest_waiting: since("oldest delivery due", subject.oldestDueAt),
    silence: since("no delivery", subject.silentSince),
    no_events: null,
  };
  const state = [parts[condition], waiting].filter((part) => part !== null).join(", ");
  const error = condition === "connection_failing" ? subject.lastError : null;
  return error === null ? `${state}.` : `${state}. ${error.slice(0, ERROR_LENGTH_MAX)}`;
}

function since(what: string, at: number | null): string {
  return at === null
    ? what
    : `${what} since ${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The data of the notice's event. `text` is for people, ready to show. */
export function noticeData(
  alert: { readonly id: string; readonly name: string; readonly condition: AlertCondition },
  notice: Notice,
  written: WrittenNotice,
): JsonObject {
  const { subjects, kind } = notice;
  const connections = subjects.filter(({ id }) => id !== WHOLE_WORKSPACE);
  return {
    alert_id: alert.id,
    alert_name: alert.name,
    condition: alert.condition,
    status: kind,
    text: plainText(written),
    connection_count: connections.length,
    connections: connections
      .slice(0, NAMED_MAX)
      .map(({ id, name, state, pending }) => ({ id, name, state, pending_count: pending })),
    url: written.url,
  };
}

function plainText({ summary, items, others, url }: WrittenNotice): string {
  const lines = items.map(({ title, detail }) => `- ${title}: ${detail}`);
  return [summary, ...lines, ...(others > 0 ? [`and ${others} more`] : []), url].join("\n");
}
