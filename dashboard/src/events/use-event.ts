import { useQuery, useQueryClient } from "@tanstack/react-query";
import { isNewer } from "../deliveries/list/live-rows.ts";
import { useChanges } from "../stream/use-changes.ts";
import { eventQuery } from "./queries.ts";

/** An event with its deliveries, kept up to date while it is shown. */
export function useEvent(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery(eventQuery(id));
  const isOpen = query.data?.deliveries.some(({ status }) => status === "pending");
  useChanges({
    query: isOpen ? {} : null,
    onChange: (change) => {
      if (change.kind !== "delivery" || change.row.event_id !== id) return;
      queryClient.setQueryData(
        eventQuery(id).queryKey,
        (known) =>
          known && {
            ...known,
            deliveries: known.deliveries.map((delivery) =>
              delivery.id === change.row.id && isNewer(change.row, delivery) ? change.row : delivery,
            ),
          },
      );
    },
    onGap: () => void query.refetch(),
  });
  return query;
}
