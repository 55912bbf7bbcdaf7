import { useState } from "react";
import type { HeardAttempt } from "../exchange/heard-attempt.ts";
import { useChanges } from "../stream/use-changes.ts";

/**
 * Follows a connection's test while it runs. The request that started the test returns only when it has ended, so the
 * attempt's id is unknown: the first attempt that the stream reports is shown. Until the result arrives, which is
 * always the right one, this may be someone else's test of the same connection at the same moment.
 */
export function useTestAttempt(connectionId: string) {
  const [heard, setHeard] = useState<HeardAttempt | null>(null);
  const stream = useChanges({
    query: { connection_id: connectionId },
    onChange: (change) => {
      if (change.kind !== "attempt" || change.row.trigger !== "test") return;
      const attempt = change.row;
      setHeard((known) =>
        known === null || known.attempt.stage === "done" || known.attempt.delivery_id === attempt.delivery_id
          ? { attempt, heardAtMs: Date.now() }
          : known,
      );
    },
    // Every new stream reports attempts in progress.
    onGap: () => undefined,
  });
  return { heard, stream };
}
