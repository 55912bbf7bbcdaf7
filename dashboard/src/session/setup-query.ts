import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

/** Whether this instance still waits for its owner. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async () => (await dataOf(api.GET("/api/setup"))).data,
});
