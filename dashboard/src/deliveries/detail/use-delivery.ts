import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type HeardAttempt, newerAttempt } from "../../exchange/heard-attempt.ts";
import { useChanges } from "../../stream/use-changes.ts";
import { isNewer } from "../list/live-rows.ts";
import { deliveryQuery } from "../queries.ts";

/** A delivery with its attempts, kept up to date while it is shown, and the attempt last reported as in progress. */
export function useDelivery(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery(deliveryQuery(id));
  const [heard, setHeard] = useState<HeardAttempt | null>(null);
  const refetch = () => void query.refetch();
  const stream = useChanges({
    query: query.data === undefined ? null : { delivery_id: id },
    onChange: (change) => {
      if (change.kind === "attempt" && change.row.delivery_id === id) {
        const latest = { attempt: change.row, heardAtMs: Date.now() };
        setHeard((known) => newerAttempt(known, latest));
      }
      if (change.kind !== "delivery" || change.row.id !== id) return;
      // Show the status immediately; the attempts follow with the next read.
      queryClient.setQueryData(deliveryQuery(id).queryKey, (known) =>
        known !== undefined && isNewer(change.row, known) ? { ...known, ...change.row } : known,
      );
      refetch();
    },
    onGap: refetch,
  });
  return { query, stream, heard };
}
