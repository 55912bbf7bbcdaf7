import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

/** Whether the instance has no owner yet. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async () => (await dataOf(api.GET("/api/setup"))).data,
});
