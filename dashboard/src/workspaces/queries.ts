import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

/** The workspaces of the person signed in. */
export const workspacesQuery = queryOptions({
  queryKey: ["workspaces"],
  queryFn: async () => (await dataOf(api.GET("/api/workspaces"))).data,
});
