import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type AttemptReport, newerReport } from "../../exchange/attempt-report.ts";
import { useChanges } from "../../stream/use-changes.ts";
import { isNewer } from "../list/live-rows.ts";
import { deliveryQuery } from "../queries.ts";

/** A delivery with its attempts, kept up to date while it is shown, and the attempt last reported as in progress. */
export function useDelivery(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery(deliveryQuery(id));
  const [report, setReport] = useState<AttemptReport | null>(null);
  const refetch = () => void query.refetch();
  const stream = useChanges({
    query: query.data === undefined ? null : { delivery_id: id },
    onChange: (change) => {
      if (change.kind === "attempt" && change.row.delivery_id === id) {
        const latest = { attempt: change.row, receivedAtMs: Date.now() };
        setReport((known) => newerReport(known, latest));
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
  return { query, stream, report };
}
