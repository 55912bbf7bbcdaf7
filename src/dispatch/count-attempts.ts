import type { StateBefore } from "../db/hot-statements.ts";
import { type AttemptOutcome, causeText } from "../domain/statistics.ts";
import { StatisticsEntry } from "../statistics/entry.ts";
import type { Judged } from "./judge.ts";

/** The recorded attempts as a statistics entry, given each delivery's previous state. */
export function countAttempts(judged: readonly Judged[], before: readonly StateBefore[]): StatisticsEntry {
  const entry = new StatisticsEntry();
  for (const [index, one] of judged.entries()) {
    const { finished, attempt, next } = one;
    const { connection, event, trigger } = finished.delivery;
    const { id: connectionId, workspaceId } = connection;
    const was = before[index] ?? null;
    const isPending = next.status === "pending";
    if (was === "pending" && !isPending) entry.addPending(workspaceId, connectionId, -1);
    if (trigger === "test") continue;
    entry.addAttempt(workspaceId, {
      connectionId,
      deliveryId: finished.delivery.id,
      eventType: event.type,
      outcome: outcomeOf(one, was),
      cause: causeOf(one),
      isEnd: was !== null && !isPending,
      startedAt: finished.signed.startedAt,
      durationMs: attempt.durationMs,
    });
  }
  return entry;
}

/** A failed attempt at a delivery whose state was set by something else causes no retry. */
function outcomeOf({ attempt, next }: Judged, was: StateBefore): AttemptOutcome {
  if (attempt.ok) return "delivered";
  return next.status === "pending" && was !== null ? "retrying" : "failed";
}

function causeOf({ finished, attempt: { error, outcome } }: Judged): string {
  if (error === null) return "";
  const responseStatus = outcome.kind === "response" ? outcome.response.status : null;
  const { host } = finished.delivery.connection.endpoint;
  return causeText({ errorCode: error.code, responseStatus, host });
}
