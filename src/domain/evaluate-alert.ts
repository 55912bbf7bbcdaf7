import { type AlertCondition, WHOLE_WORKSPACE } from "./alert.ts";
import type { ConnectionState } from "./connection-state.ts";

const MINUTE_MS = 60_000;
/** At most one notice of the same cause for a connection. */
const REPEATED_AFTER_MS = 60 * MINUTE_MS;
/** Connections that follow within this time are put into one notice: a storm is one mail, not a thousand. */
const GATHERED_MS = 5 * MINUTE_MS;
/** A condition that comes back within this time was not over. */
const CALM_MS = 5 * MINUTE_MS;

/** An alert as far as its evaluation needs it. */
export type EvaluatedAlert = {
  readonly condition: AlertCondition;
  /** Minutes or deliveries; null where the condition has none. */
  readonly threshold: number | null;
  /** Null for every connection. */
  readonly connectionIds: ReadonlySet<string> | null;
  /** When it last sent a notice of each kind, epoch milliseconds. */
  readonly raisedAt: number | null;
  readonly recoveredAt: number | null;
};

/** What an alert can be about: a connection, or the workspace as a whole. Times are epoch milliseconds. */
export type AlertSubject = {
  readonly id: string;
  readonly state: ConnectionState;
  readonly stateSince: number | null;
  readonly pending: number;
  /** When the delivery that waits longest was due; null when none waits. */
  readonly oldestDueAt: number | null;
  /** When something last came that usually comes at this time; null where none is missed. */
  readonly silentSince: number | null;
};

/** What was noticed about a subject before. */
export type Noticed = {
  /** Whether a notice was sent, and no recovery since. */
  readonly isOpen: boolean;
  readonly raisedAt: number;
  /** Since when the condition of an open one does not apply any more; null while it does. */
  readonly calmSince: number | null;
};

export type AlertDecision<Subject extends AlertSubject> = {
  readonly raised: readonly Subject[];
  readonly recovered: readonly Subject[];
  /** What is noticed from now on, of the subjects for which that changes; null forgets. */
  readonly changes: ReadonlyMap<string, Noticed | null>;
};

/**
 * Decides what an alert tells now. A subject is raised once when the condition applies, again only after it was over and an
 * hour has passed; it has recovered when the condition has not applied for five minutes. Notices of an alert are at least
 * five minutes apart, and hold all that came meanwhile.
 */
export function evaluateAlert<Subject extends AlertSubject>(
  alert: EvaluatedAlert,
  subjects: readonly Subject[],
  noticed: ReadonlyMap<string, Noticed>,
  now: number,
): AlertDecision<Subject> {
  const changes = new Map<string, Noticed | null>();
  const raised: Subject[] = [];
  const recovered: Subject[] = [];
  const mayRaise = isOver(alert.raisedAt, GATHERED_MS, now);
  const mayRecover = isOver(alert.recoveredAt, GATHERED_MS, now);
  const watched = subjects.filter((subject) => isInScope(alert, subject));
  for (const subject of watched) {
    const { id } = subject;
    const before = noticed.get(id);
    if (applies(alert, subject, now)) {
      if (before?.isOpen === true) {
        if (before.calmSince !== null) changes.set(id, { ...before, calmSince: null });
      } else if (mayRaise && isOver(before?.raisedAt ?? null, REPEATED_AFTER_MS, now)) {
        raised.push(subject);
        changes.set(id, { isOpen: true, raisedAt: now, calmSince: null });
      }
    } else if (before?.isOpen === true) {
      const isToldOver = endsInRecovery(alert, subject);
      if (!isToldOver) changes.set(id, { ...before, isOpen: false, calmSince: null });
      else if (before.calmSince === null) changes.set(id, { ...before, calmSince: now });
      else if (mayRecover && now - before.calmSince >= CALM_MS) {
        recovered.push(subject);
        changes.set(id, { ...before, isOpen: false, calmSince: null });
      }
    } else if (before !== undefined && isOver(before.raisedAt, REPEATED_AFTER_MS, now)) {
      changes.set(id, null);
    }
  }
  const present = new Set(watched.map(({ id }) => id));
  for (const id of noticed.keys()) if (!present.has(id)) changes.set(id, null);
  return { raised, recovered, changes };
}

/** A time ahead of now was written by a clock that has been set back since. */
function isOver(since: number | null, lengthMs: number, now: number): boolean {
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

/** Whether what is over now is good news: a failing connection that was paused or disconnected has not recovered. */
function endsInRecovery({ condition }: EvaluatedAlert, { state }: AlertSubject): boolean {
  if (state === "disconnected") return false;
  return condition !== "connection_failing" || state !== "paused";
}
