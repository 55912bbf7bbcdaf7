import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { InspectedRequest } from "../api/types.ts";
import { refetchIfFetching } from "../stream/refetch-if-fetching.ts";
import { useChanges } from "../stream/use-changes.ts";
import { countWaiting, withRequest } from "./live-requests.ts";
import { inspectedQuery, inspectorQuery, showInspectorConnection } from "./queries.ts";

/**
 * Requests to the inspector, updated live. While someone hovers over the list or has the focus in it, new requests
 * wait, so that nothing moves.
 */
export function useInspected() {
  const queryClient = useQueryClient();
  const query = useQuery(inspectedQuery);
  const [frozen, setFrozen] = useState<readonly InspectedRequest[] | null>(null);
  const newest = query.data;

  const stream = useChanges({
    query: newest === undefined ? null : {},
    onChange: (change) => {
      if (change.kind === "connection") return showInspectorConnection(queryClient, change.row);
      if (change.kind !== "inspector_request") return;
      queryClient.setQueryData(inspectedQuery.queryKey, (rows = []) => withRequest(rows, change.row));
      refetchIfFetching(queryClient, inspectedQuery.queryKey);
    },
    onGap: () => {
      void query.refetch();
      void queryClient.refetchQueries(inspectorQuery);
    },
  });
  // An empty list has no rows that could move, and a cleared list must look cleared.
  const isFrozen = frozen !== null && frozen.length > 0 && newest !== undefined && newest.length > 0;
  return {
    query,
    stream,
    rows: isFrozen ? frozen : newest,
    waiting: isFrozen ? countWaiting(newest, frozen) : 0,
    freeze: () => setFrozen((before) => before ?? newest ?? null),
    unfreeze: () => setFrozen(null),
    showWaiting: () => setFrozen(newest ?? null),
  };
}
