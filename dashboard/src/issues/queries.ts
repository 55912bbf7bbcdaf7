import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { PAGE_ROWS } from "../api/read-rows.ts";
import type { Issue, Replay } from "../api/types.ts";
import { showReplay } from "../replays/queries.ts";
import type { IssueFilter } from "./issue-filter.ts";
import { replayFilterOf } from "./issue-replay.ts";

const REFRESH_MS = 10_000;
/** The API's maximum, so that replaying thousands of deliveries does not take hours. */
const REPLAY_RATE = 100;
/** The number of issues on the overview; longer lists are on the issues page. */
export const TOP_ROWS = 10;

export const topIssuesQuery = queryOptions({
  queryKey: ["issues", "top"],
  queryFn: () => dataOf(api.GET("/api/issues", { params: { query: { limit: TOP_ROWS } } })),
  refetchInterval: REFRESH_MS,
});

export const issuesQuery = ({ state, connection }: IssueFilter) =>
  infiniteQueryOptions({
    queryKey: ["issues", "list", state, connection],
    queryFn: ({ pageParam }) =>
      dataOf(
        api.GET("/api/issues", {
          params: {
            query: {
              state: state ?? "open",
              limit: PAGE_ROWS,
              ...(connection !== undefined && { connection_id: connection }),
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
    refetchInterval: REFRESH_MS,
  });

export const issueQuery = (id: string) =>
  queryOptions({
    queryKey: ["issues", "one", id],
    queryFn: async () => (await dataOf(api.GET("/api/issues/{id}", { params: { path: { id } } }))).data,
    refetchInterval: REFRESH_MS,
  });

export async function changeIssue(
  queryClient: QueryClient,
  id: string,
  state: Issue["state"],
): Promise<void> {
  const { data } = await dataOf(api.PATCH("/api/issues/{id}", { params: { path: { id } }, body: { state } }));
  queryClient.setQueryData(issueQuery(id).queryKey, data);
  await queryClient.invalidateQueries({ queryKey: ["issues"] });
}

/** Replays an issue's failed deliveries once the receiver has recovered. */
export async function replayWhenFixed(
  queryClient: QueryClient,
  issue: Issue,
  idempotencyKey: string,
): Promise<Replay> {
  const body = {
    filter: replayFilterOf(issue),
    when: "receiver_recovers",
    rate_per_second: REPLAY_RATE,
  } as const;
  const result = await dataOf(
    api.POST("/api/deliveries/replay", { params: { header: { "idempotency-key": idempotencyKey } }, body }),
  );
  if (result.object !== "replay") throw new Error("a replay returned a dry run");
  showReplay(queryClient, result.data);
  return result.data;
}
