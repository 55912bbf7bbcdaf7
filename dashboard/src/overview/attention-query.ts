import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

const ROWS = 10;
export const REFRESH_MS = 15_000;
const QUERY = { sort: "attention", state: "failing,held,paused", limit: ROWS } as const;

/** The connections that need attention, worst first. */
export const attentionQuery = queryOptions({
  queryKey: ["connections", "attention"],
  queryFn: async () => {
    const page = await dataOf(api.GET("/api/integrations/connections", { params: { query: QUERY } }));
    return page.data;
  },
  refetchInterval: REFRESH_MS,
});
