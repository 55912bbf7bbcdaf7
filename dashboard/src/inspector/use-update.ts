import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { InspectorUpdate } from "../api/types.ts";
import { inspectorQuery } from "./queries.ts";

/** Changes the inspector. Changes made in quick succession reach the server in that order. */
export function useUpdateInspector() {
  const queryClient = useQueryClient();
  return useMutation({
    scope: { id: "inspector" },
    // A secret among it must not stay in the cache of mutations.
    gcTime: 0,
    mutationFn: async (change: InspectorUpdate) =>
      (await dataOf(api.PATCH("/api/inspector", { body: change }))).data,
    onSuccess: (read) => queryClient.setQueryData(inspectorQuery.queryKey, read),
  });
}
