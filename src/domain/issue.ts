import { MINUTE_MS } from "./statistics.ts";

/**
 * An issue is one cause of failed attempts at one connection, and its latest run of failures.
 *
 * | from | to | when |
 * |---|---|---|
 * | none | `open` | an attempt fails of this cause |
 * | `open` | `muted` | a person mutes it; failures go on counting |
 * | `open`, `muted` | `resolved` | the connection had a success after the last failure, or a person says so |
 * | `resolved` | `open` | it fails again: a new run |
 * | `resolved` | what it was | it fails again within minutes: the run goes on |
 * | `muted`, `resolved` | `open` | a person reopens it |
 *
 * Where successes and failures alternate, one success proves nothing: then a run is over only after some quiet.
 */
export const ISSUE_STATES = ["open", "muted", "resolved"] as const;
export type IssueState = (typeof ISSUE_STATES)[number];

/** Without a failure of the same cause for so long, a run of alternating successes and failures is over. */
export const QUIET_MS = 10 * MINUTE_MS;

/** Of one connection; further ones take the place of the one that was seen least recently. */
export const CAUSES_PER_CONNECTION_MAX = 20;

/** Times are epoch milliseconds. */
export type IssueRun = {
  readonly state: IssueState;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Deliveries that this cause ended. */
  readonly failedDeliveries: number;
  /** Failed attempts that did not end their delivery. */
  readonly retryingAttempts: number;
  readonly exampleDeliveryId: string | null;
  /** The connection's, of any event type; null as long as none is known since the run began. */
  readonly lastSuccessAt: number | null;
  /** Whether a failure came after a success within the run. */
  readonly isIntermittent: boolean;
  /** A failure up to then belongs to this run although it was resolved. */
  readonly continuesUntil: number;
  /** When it resolves by itself unless it fails again; null while no success came after the last failure. */
  readonly resolvesAt: number | null;
  readonly resolvedAt: number | null;
  readonly mutedAt: number | null;
};

/** Failed attempts of one connection and cause, by when they ended. */
export type Failures = {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly failedDeliveries: number;
  readonly retryingAttempts: number;
  /** Of the last of them; null where that is not known. */
  readonly exampleDeliveryId: string | null;
};

export type Successes = { readonly firstAt: number; readonly lastAt: number };

/** The run with these failures, which may begin a new one. */
export function addFailures(known: IssueRun | null, failures: Failures): IssueRun {
  if (known === null) return begin(failures);
  // It may have been quiet for long enough without anybody having looked.
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
    // A person who resolved it has ended the run for good.
    continuesUntil: run.state === "resolved" ? run.continuesUntil : lastSeenAt + QUIET_MS,
  });
}

/** The run after successes of its connection. */
export function addSuccesses(run: IssueRun, { firstAt, lastAt }: Successes): IssueRun {
  const lastSuccessAt = Math.max(run.lastSuccessAt ?? lastAt, lastAt);
  // What came between two failures may have been added up together with them.
  const isBetween = firstAt < run.lastSeenAt && firstAt > run.firstSeenAt;
  const isIntermittent = run.isIntermittent || isBetween;
  return settle({ ...run, lastSuccessAt, isIntermittent });
}

/** Decides whether the run has ended, and if not, when it will be. */
function settle(run: IssueRun): IssueRun {
  if (run.state === "resolved") return run;
  const { lastSuccessAt, lastSeenAt, isIntermittent } = run;
  if (lastSuccessAt === null || lastSuccessAt <= lastSeenAt) return { ...run, resolvesAt: null };
  const resolvesAt = isIntermittent ? lastSeenAt + QUIET_MS : lastSuccessAt;
  return resolveIfDue({ ...run, resolvesAt }, lastSuccessAt);
}

/** The run at a time at which it may have been quiet for long enough. */
export function resolveIfDue(run: IssueRun, now: number): IssueRun {
  if (run.state === "resolved" || run.resolvesAt === null || run.resolvesAt > now) return run;
  return { ...run, state: "resolved", resolvedAt: run.resolvesAt };
}

/** What a person makes of an issue. */
export function setIssueState(run: IssueRun, state: IssueState, now: number): IssueRun {
  switch (state) {
    case "open":
      // The success before has been overruled; the next one resolves it.
      return { ...run, state, lastSuccessAt: null, resolvesAt: null, resolvedAt: null, mutedAt: null };
    case "muted":
      return { ...run, state, resolvedAt: null, mutedAt: now };
    case "resolved":
      return { ...run, state, resolvesAt: null, resolvedAt: now, mutedAt: null, continuesUntil: 0 };
  }
}
