import { addFailures, addSuccesses, CAUSES_PER_CONNECTION_MAX, type IssueRun } from "../domain/issue.ts";
import type { AttemptSeries, WorkspaceEntry } from "./entry.ts";

/**
 * Attempts of one connection by minute, with failures first in each, so that successes find the issues they may
 * resolve.
 */
export type ConnectionAttempts = {
  readonly series: readonly AttemptSeries[];
  readonly hasFailures: boolean;
};

export function attemptsByConnection({ attempts }: WorkspaceEntry): ReadonlyMap<string, ConnectionAttempts> {
  const byConnection = Map.groupBy(attempts.values(), ({ connectionId }) => connectionId);
  return new Map(
    [...byConnection].map(([connectionId, series]) => [
      connectionId,
      {
        series: series.toSorted(
          (a, b) => a.minute - b.minute || Number(a.cause === "") - Number(b.cause === ""),
        ),
        hasFailures: series.some(({ cause }) => cause !== ""),
      },
    ]),
  );
}

/** Applies attempts to a connection's issues, by cause. */
export function applyAttempts(
  known: ReadonlyMap<string, IssueRun>,
  { series }: ConnectionAttempts,
): ReadonlyMap<string, IssueRun> {
  const runs = new Map(known);
  for (const { outcome, cause, counts, ends } of series) {
    if (outcome === "delivered") {
      for (const [one, run] of runs) runs.set(one, addSuccesses(run, ends));
    } else if (cause !== "") {
      const { attempts, deliveries: failedDeliveries } = counts;
      const { firstAt, lastAt, deliveryId: exampleDeliveryId } = ends;
      const failures = {
        firstAt,
        lastAt,
        failedDeliveries,
        retryingAttempts: attempts - failedDeliveries,
        exampleDeliveryId,
      };
      runs.set(cause, addFailures(runs.get(cause) ?? null, failures));
    }
  }
  return runs;
}

/** The causes beyond a connection's limit: resolved ones first, then those seen least recently. */
export function leastRecent(runs: ReadonlyMap<string, IssueRun>): readonly string[] {
  if (runs.size <= CAUSES_PER_CONNECTION_MAX) return [];
  const isResolved = (run: IssueRun) => Number(run.state === "resolved");
  return [...runs]
    .sort(([, a], [, b]) => isResolved(a) - isResolved(b) || b.lastSeenAt - a.lastSeenAt)
    .slice(CAUSES_PER_CONNECTION_MAX)
    .map(([cause]) => cause);
}
