import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { Connection } from "../api/types.ts";

const ROWS = 10;
export const REFRESH_MS = 15_000;

export type AttentionConnection = Connection & {
  readonly state: "failing" | "held" | "paused";
  readonly state_since: string | null;
  readonly pending_count: number;
};

const STATES: readonly unknown[] = ["failing", "held", "paused"];

/** A server that does not tell states sorts nothing either. */
function needsAttention(connection: Connection): connection is AttentionConnection {
  return "state" in connection && STATES.includes(connection.state);
}

const ASKED = { sort: "attention", state: "failing,held,paused", limit: ROWS };

/** The connections that need somebody, the worst first. */
export const attentionQuery = queryOptions({
  queryKey: ["connections", "attention"],
  queryFn: async () => {
    const page = await dataOf(api.GET("/api/integrations/connections", { params: { query: ASKED } }));
    return page.data.filter(needsAttention);
  },
  refetchInterval: REFRESH_MS,
});
