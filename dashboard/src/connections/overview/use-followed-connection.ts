import { useQueryClient } from "@tanstack/react-query";
import { recentDeliveriesQuery } from "../../deliveries/queries.ts";
import { withDelivery } from "../../deliveries/recent-rows.ts";
import { refetchIfFetching } from "../../stream/refetch-if-fetching.ts";
import { useChanges } from "../../stream/use-changes.ts";
import { connectionQuery } from "../queries.ts";

/** Keeps a connection and its newest deliveries up to date while they are shown. */
export function useFollowedConnection(id: string): void {
  const queryClient = useQueryClient();
  const { queryKey } = connectionQuery(id);
  const recentKey = recentDeliveriesQuery(id).queryKey;
  useChanges({
    query: { connection_id: id },
    onChange: ({ kind, row }) => {
      if (kind === "connection" && row.id === id) {
        const known = queryClient.getQueryData(queryKey);
        // Changed settings have a new version, which is not in the change; only reading the connection returns it.
        const isSameVersion = known?.connection.updated_at === row.updated_at;
        if (known === undefined || !isSameVersion) return void queryClient.invalidateQueries({ queryKey });
        queryClient.setQueryData(queryKey, { ...known, connection: row });
        refetchIfFetching(queryClient, queryKey);
      }
      if (kind === "delivery" && row.connection_id === id) {
        queryClient.setQueryData(recentKey, (rows) => rows && withDelivery(rows, row));
        refetchIfFetching(queryClient, recentKey);
      }
    },
    onGap: () => {
      void queryClient.invalidateQueries({ queryKey });
      void queryClient.invalidateQueries({ queryKey: recentKey });
    },
  });
}
