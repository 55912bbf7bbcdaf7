import type { Observer } from "../domain/observer.ts";

type AttemptLogger = {
  readonly isLevelEnabled: (level: "info") => boolean;
  readonly info: (fields: Readonly<Record<string, string | number | null>>, message: string) => void;
};

/** Logs one line per attempt, with ids, type and outcome, never a URL, a payload or a credential. */
export function logAttempts(logger: AttemptLogger): Observer {
  return {
    accepted: () => undefined,
    attempted: (attempt) => {
      if (!logger.isLevelEnabled("info")) return;
      logger.info(
        {
          workspace_id: attempt.workspaceId,
          connection_id: attempt.connectionId,
          delivery_id: attempt.deliveryId,
          event_id: attempt.eventId,
          event_type: attempt.eventType,
          attempt: attempt.attemptNumber,
          trigger: attempt.trigger,
          result: attempt.result,
          status: attempt.status,
          error: attempt.errorCode,
          duration_ms: attempt.durationMs,
        },
        "attempt",
      );
    },
    committed: () => undefined,
    superseded: () => undefined,
  };
}
