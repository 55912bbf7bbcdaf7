import { useState } from "react";
import type { AttemptReport } from "../exchange/attempt-report.ts";
import { useChanges } from "../stream/use-changes.ts";

/**
 * Follows a connection's test while it runs. The request that started the test returns only when it has ended, so the
 * attempt's id is unknown: the first attempt that the stream reports is shown. Until the result arrives, which is
 * always the right one, this may be someone else's test of the same connection at the same moment.
 */
export function useTestAttempt(connectionId: string) {
  const [report, setReport] = useState<AttemptReport | null>(null);
  const stream = useChanges({
    query: { connection_id: connectionId },
    onChange: (change) => {
      if (change.kind !== "attempt" || change.row.trigger !== "test") return;
      const attempt = change.row;
      setReport((known) =>
        known === null || known.attempt.stage === "done" || known.attempt.delivery_id === attempt.delivery_id
          ? { attempt, receivedAtMs: Date.now() }
          : known,
      );
    },
    // Every new stream reports attempts in progress.
    onGap: () => undefined,
  });
  return { report, stream };
}
