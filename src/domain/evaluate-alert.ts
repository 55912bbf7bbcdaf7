import { type AlertCondition, WHOLE_WORKSPACE } from "./alert.ts";
import type { ConnectionState } from "./connection-state.ts";

const MINUTE_MS = 60_000;
/** Minimum time between two notices of the same cause for a connection. */
const REPEATED_AFTER_MS = 60 * MINUTE_MS;
/** Further connections within this time share one notice: a storm is one mail, not a thousand. */
const GATHERED_MS = 5 * MINUTE_MS;
/** A condition that returns within this time had not ended. */
const CALM_MS = 5 * MINUTE_MS;

/** The parts of an alert that its evaluation needs. */
export type EvaluatedAlert = {
  readonly condition: AlertCondition;
  /** Minutes or deliveries; null for a condition without a threshold. */
  readonly threshold: number | null;
  /** Null for all connections. */
  readonly connectionIds: ReadonlySet<string> | null;
  /** When it last sent a notice of each kind, epoch milliseconds. */
  readonly raisedAt: number | null;
  readonly recoveredAt: number | null;
};

/** The subject of an alert: a connection, or the workspace as a whole. Times are epoch milliseconds. */
export type AlertSubject = {
  readonly id: string;
  readonly state: ConnectionState;
  readonly stateSince: number | null;
  readonly pending: number;
  /** When the oldest waiting delivery was due; null when none is waiting. */
  readonly oldestDueAt: number | null;
  /** Start of a silence that is unusual at this time of day; null when nothing is missing. */
  readonly silentSince: number | null;
};

/** The recorded state of a subject. */
export type NoticeState = {
  /** Whether a notice was sent and no recovery since. */
  readonly isOpen: boolean;
  readonly raisedAt: number;
  /** When the condition of an open notice stopped applying; null while it applies. */
  readonly calmSince: number | null;
};

export type AlertDecision<Subject extends AlertSubject> = {
  readonly raised: readonly Subject[];
  readonly recovered: readonly Subject[];
  /** The new recorded state of each subject for which it changes; null deletes it. */
  readonly changes: ReadonlyMap<string, NoticeState | null>;
};

/**
 * Decides which notices an alert sends now. A subject is raised once when the condition applies, and again only after
 * the condition has ended and an hour has passed; it has recovered when the condition has not applied for five minutes.
 * Notices of an alert are at least five minutes apart, and each covers everything since the one before.
 */
export function evaluateAlert<Subject extends AlertSubject>(
  alert: EvaluatedAlert,
  subjects: readonly Subject[],
  noticed: ReadonlyMap<string, NoticeState>,
  now: number,
): AlertDecision<Subject> {
  const changes = new Map<string, NoticeState | null>();
  const raised: Subject[] = [];
  const recovered: Subject[] = [];
  const mayRaise = hasElapsed(alert.raisedAt, GATHERED_MS, now);
  const mayRecover = hasElapsed(alert.recoveredAt, GATHERED_MS, now);
  const watched = subjects.filter((subject) => isInScope(alert, subject));
  for (const subject of watched) {
    const { id } = subject;
    const before = noticed.get(id);
    if (applies(alert, subject, now)) {
      if (before?.isOpen === true) {
        if (before.calmSince !== null) changes.set(id, { ...before, calmSince: null });
      } else if (mayRaise && hasElapsed(before?.raisedAt ?? null, REPEATED_AFTER_MS, now)) {
        raised.push(subject);
        changes.set(id, { isOpen: true, raisedAt: now, calmSince: null });
      }
    } else if (before?.isOpen === true) {
      const endsAsRecovery = endsInRecovery(alert, subject);
      if (!endsAsRecovery) changes.set(id, { ...before, isOpen: false, calmSince: null });
      else if (before.calmSince === null) changes.set(id, { ...before, calmSince: now });
      else if (mayRecover && now - before.calmSince >= CALM_MS) {
        recovered.push(subject);
        changes.set(id, { ...before, isOpen: false, calmSince: null });
      }
    } else if (before !== undefined && hasElapsed(before.raisedAt, REPEATED_AFTER_MS, now)) {
      changes.set(id, null);
    }
  }
  const present = new Set(watched.map(({ id }) => id));
  for (const id of noticed.keys()) if (!present.has(id)) changes.set(id, null);
  return { raised, recovered, changes };
}

/** A time in the future was written by a clock that has been set back since. */
function hasElapsed(since: number | null, lengthMs: number, now: number): boolean {
  return since === null || now - since >= lengthMs || since > now + lengthMs;
}

function isInScope({ condition, connectionIds }: EvaluatedAlert, { id }: AlertSubject): boolean {
  if (condition === "no_events") return id === WHOLE_WORKSPACE;
  return id !== WHOLE_WORKSPACE && (connectionIds === null || connectionIds.has(id));
}

function applies({ condition, threshold }: EvaluatedAlert, subject: AlertSubject, now: number): boolean {
  const limit = threshold ?? 0;
  const lastsSince = (since: number | null) => since !== null && now - since >= limit * MINUTE_MS;
  switch (condition) {
    case "connection_failing":
      return subject.state === "failing" && lastsSince(subject.stateSince ?? 0);
    case "connection_paused":
      return subject.state === "paused";
    case "backlog":
      return subject.pending > limit;
    case "oldest_waiting":
      return lastsSince(subject.oldestDueAt);
    case "silence":
    case "no_events":
      return lastsSince(subject.silentSince);
  }
}

/**
 * Whether the end of the condition is a recovery: a failing connection that was paused or disconnected has not
 * recovered.
 */
function endsInRecovery({ condition }: EvaluatedAlert, { state }: AlertSubject): boolean {
  if (state === "disconnected") return false;
  return condition !== "connection_failing" || state !== "paused";
}
