import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

const REFRESH_MS = 30_000;

/** The last 24 hours of one connection, or of the whole workspace. */
export const statsQuery = (connectionId: string | null) =>
  queryOptions({
    queryKey: ["stats", connectionId],
    queryFn: async () => {
      const query = connectionId === null ? {} : { connection_id: connectionId };
      return (await dataOf(api.GET("/api/integrations/stats", { params: { query } }))).data;
    },
    refetchInterval: REFRESH_MS,
  });
