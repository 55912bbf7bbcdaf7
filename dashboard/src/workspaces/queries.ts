import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

/** The signed-in person's workspaces. */
export const workspacesQuery = queryOptions({
  queryKey: ["workspaces"],
  queryFn: async () => (await dataOf(api.GET("/api/workspaces"))).data,
});
