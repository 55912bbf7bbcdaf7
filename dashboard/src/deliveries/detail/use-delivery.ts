import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useChanges } from "../../stream/use-changes.ts";
import { isNewer } from "../list/live-rows.ts";
import { deliveryQuery } from "../queries.ts";

/** A delivery with its attempts, kept up to date while it is looked at. */
export function useDelivery(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery(deliveryQuery(id));
  const refetch = () => void query.refetch();
  const stream = useChanges({
    query: query.data === undefined ? null : { delivery_id: id },
    onChange: (change) => {
      if (change.kind !== "delivery" || change.row.id !== id) return;
      // The status at once; the attempts follow with the next reading.
      queryClient.setQueryData(deliveryQuery(id).queryKey, (known) =>
        known !== undefined && isNewer(change.row, known) ? { ...known, ...change.row } : known,
      );
      refetch();
    },
    onGap: refetch,
  });
  return { query, stream };
}
