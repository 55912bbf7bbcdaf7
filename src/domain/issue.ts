import { MINUTE_MS } from "./statistics.ts";

/**
 * An issue is one cause of failed attempts of one connection, with its latest run of failures.
 *
 * | from | to | when |
 * |---|---|---|
 * | none | `open` | an attempt fails for this cause |
 * | `open` | `muted` | a person mutes it; failures are still counted |
 * | `open`, `muted` | `resolved` | the connection had a success after the last failure, or a person resolves it |
 * | `resolved` | `open` | it fails again: a new run begins |
 * | `resolved` | the state before | it fails again within minutes: the run continues |
 * | `muted`, `resolved` | `open` | a person reopens it |
 *
 * When successes and failures alternate, one success proves nothing, so the run ends only after a quiet period.
 */
export const ISSUE_STATES = ["open", "muted", "resolved"] as const;
export type IssueState = (typeof ISSUE_STATES)[number];

/** A run of alternating successes and failures ends after this long without a failure of the same cause. */
export const QUIET_MS = 10 * MINUTE_MS;

/** Limit per connection; a further cause replaces the least recently seen one. */
export const CAUSES_PER_CONNECTION_MAX = 20;

/** Times are epoch milliseconds. */
export type IssueRun = {
  readonly state: IssueState;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Deliveries that failed permanently for this cause. */
  readonly failedDeliveries: number;
  /** Failed attempts that did not end their delivery. */
  readonly retryingAttempts: number;
  readonly exampleDeliveryId: string | null;
  /** The connection's last success, of any event type; null when none is known since the run began. */
  readonly lastSuccessAt: number | null;
  /** Whether a failure followed a success within the run. */
  readonly isIntermittent: boolean;
  /** A failure until this time belongs to this run even if the issue was resolved. */
  readonly continuesUntil: number;
  /** When the issue resolves automatically unless it fails again; null until a success follows the last failure. */
  readonly resolvesAt: number | null;
  readonly resolvedAt: number | null;
  readonly mutedAt: number | null;
};

/** Failed attempts of one connection and cause; the times are when attempts ended. */
export type Failures = {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly failedDeliveries: number;
  readonly retryingAttempts: number;
  /** The delivery of the last attempt; null when unknown. */
  readonly exampleDeliveryId: string | null;
};

export type Successes = { readonly firstAt: number; readonly lastAt: number };

/** The run after these failures, which can begin a new one. */
export function addFailures(known: IssueRun | null, failures: Failures): IssueRun {
  if (known === null) return begin(failures);
  // The run may have resolved since it was last checked.
  const run = resolveIfDue(known, failures.firstAt - 1);
  const isLate = run.resolvedAt !== null && failures.lastAt <= run.resolvedAt;
  if (run.state !== "resolved" || isLate) return count(run, failures);
  if (failures.firstAt > run.continuesUntil) return begin(failures);
  const state = run.mutedAt === null ? "open" : "muted";
  return count({ ...run, state, resolvedAt: null, isIntermittent: true }, failures);
}

function begin({ firstAt, lastAt, ...counted }: Failures): IssueRun {
  return {
    ...counted,
    state: "open",
    firstSeenAt: firstAt,
    lastSeenAt: lastAt,
    lastSuccessAt: null,
    isIntermittent: false,
    continuesUntil: lastAt + QUIET_MS,
    resolvesAt: null,
    resolvedAt: null,
    mutedAt: null,
  };
}

function count(run: IssueRun, failures: Failures): IssueRun {
  const { firstAt, lastAt, failedDeliveries, retryingAttempts, exampleDeliveryId } = failures;
  const { lastSuccessAt } = run;
  const isNewest = lastAt >= run.lastSeenAt;
  const followsSuccess = lastSuccessAt !== null && lastAt > lastSuccessAt && lastSuccessAt > run.firstSeenAt;
  const lastSeenAt = Math.max(run.lastSeenAt, lastAt);
  return settle({
    ...run,
    firstSeenAt: Math.min(run.firstSeenAt, firstAt),
    lastSeenAt,
    failedDeliveries: run.failedDeliveries + failedDeliveries,
    retryingAttempts: run.retryingAttempts + retryingAttempts,
    exampleDeliveryId: (isNewest ? exampleDeliveryId : null) ?? run.exampleDeliveryId,
    isIntermittent: run.isIntermittent || followsSuccess,
    // A person who resolves an issue ends its run permanently.
    continuesUntil: run.state === "resolved" ? run.continuesUntil : lastSeenAt + QUIET_MS,
  });
}

/** The run after successes of its connection. */
export function addSuccesses(run: IssueRun, { firstAt, lastAt }: Successes): IssueRun {
  const lastSuccessAt = Math.max(run.lastSuccessAt ?? lastAt, lastAt);
  // A success between two failures may have been counted together with them.
  const isBetween = firstAt < run.lastSeenAt && firstAt > run.firstSeenAt;
  const isIntermittent = run.isIntermittent || isBetween;
  return settle({ ...run, lastSuccessAt, isIntermittent });
}

/** Decides whether the run has ended, and otherwise when it will. */
function settle(run: IssueRun): IssueRun {
  if (run.state === "resolved") return run;
  const { lastSuccessAt, lastSeenAt, isIntermittent } = run;
  if (lastSuccessAt === null || lastSuccessAt <= lastSeenAt) return { ...run, resolvesAt: null };
  const resolvesAt = isIntermittent ? lastSeenAt + QUIET_MS : lastSuccessAt;
  return resolveIfDue({ ...run, resolvesAt }, lastSuccessAt);
}

/** The run at `now`: resolved if it has been quiet for long enough. */
export function resolveIfDue(run: IssueRun, now: number): IssueRun {
  if (run.state === "resolved" || run.resolvesAt === null || run.resolvesAt > now) return run;
  return { ...run, state: "resolved", resolvedAt: run.resolvesAt };
}

/** The run after a person has set the issue's state. */
export function setIssueState(run: IssueRun, state: IssueState, now: number): IssueRun {
  switch (state) {
    case "open":
      // The person overrules the earlier success; the next one resolves the issue.
      return { ...run, state, lastSuccessAt: null, resolvesAt: null, resolvedAt: null, mutedAt: null };
    case "muted":
      return { ...run, state, resolvedAt: null, mutedAt: now };
    case "resolved":
      return { ...run, state, resolvesAt: null, resolvedAt: now, mutedAt: null, continuesUntil: 0 };
  }
}
