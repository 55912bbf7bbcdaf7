import type { Observer } from "../domain/observer.ts";

type AttemptLogger = {
  readonly isLevelEnabled: (level: "info") => boolean;
  readonly info: (fields: Readonly<Record<string, string | number | null>>, message: string) => void;
};

/** Logs one line per attempt, with ids, type and outcome, never a URL, a payload or a credential. */
export function logAttempts(logger: AttemptLogger): Observer {
  return {
    accepted: () => undefined,
    attempted: (note) => {
      if (!logger.isLevelEnabled("info")) return;
      logger.info(
        {
          workspace_id: note.workspaceId,
          connection_id: note.connectionId,
          delivery_id: note.deliveryId,
          event_id: note.eventId,
          event_type: note.eventType,
          attempt: note.attemptNumber,
          trigger: note.trigger,
          result: note.result,
          status: note.status,
          error: note.errorCode,
          duration_ms: note.durationMs,
        },
        "attempt",
      );
    },
    committed: () => undefined,
    superseded: () => undefined,
  };
}
