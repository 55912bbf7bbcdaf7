import type { ObservedAttempt, Observer } from "../domain/observer.ts";
import type { PublishChange } from "../domain/publish-change.ts";
import type { Written } from "./attempt-writer.ts";
import type { Judged } from "./judge.ts";

/** Notified of recorded attempts, after their commit. */
export type RecordListeners = {
  readonly observer: Observer;
  readonly publishChange: PublishChange;
  readonly wake: (connectionIds: readonly string[]) => void;
  readonly recall: (connectionIds: readonly string[]) => void;
};

export function announceRecorded(
  { observer, publishChange, wake, recall }: RecordListeners,
  judged: readonly Judged[],
  written: Written,
): void {
  if (written.superseded.length > 0) observer.superseded(written.superseded.length);
  for (const one of judged) {
    const { id, connection, replayId } = one.finished.delivery;
    publishChange(connection.workspaceId, "delivery", [id]);
    if (replayId !== null && written.replays.includes(replayId)) {
      publishChange(connection.workspaceId, "replay", [replayId]);
    }
    observer.attempted(toObserved(one));
  }
  for (const [connectionId, connection] of written.updated) {
    if (connection !== null) publishChange(connection.workspaceId, "connection", [connectionId]);
  }
  if (written.woken.length > 0) wake(written.woken);
  if (written.recalled.length > 0) recall(written.recalled);
}

function toObserved({ finished: { delivery }, attempt, finishedAt, next }: Judged): ObservedAttempt {
  const { connection, event } = delivery;
  return {
    workspaceId: connection.workspaceId,
    connectionId: connection.id,
    deliveryId: delivery.id,
    eventId: event.id,
    eventType: event.type,
    attemptNumber: delivery.attemptNumber,
    trigger: delivery.trigger,
    result: next.status === "pending" ? "retry" : next.status,
    status: attempt.outcome.kind === "response" ? attempt.outcome.response.status : null,
    errorCode: attempt.error?.code ?? null,
    durationMs: attempt.durationMs,
    sinceAcceptedMs: finishedAt - event.acceptedAt,
  };
}
