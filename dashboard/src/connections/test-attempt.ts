import { useState } from "react";
import type { HeardAttempt } from "../exchange/heard-attempt.ts";
import { useChanges } from "../stream/use-changes.ts";

/**
 * Follows the test of a connection while it runs. The request that started it answers only when it has ended, so which
 * attempt is meant cannot be known: it is the first one heard of. Someone else's test of the same connection at the
 * same moment may be shown in its place, until the result comes, which is always the right one.
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
    // What is under way is told anew on every stream.
    onGap: () => undefined,
  });
  return { heard, stream };
}
