import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { PAGE_ROWS, type RowsPage } from "../api/read-rows.ts";
import type { Replay, ReplayFilter, ReplayPreview } from "../api/types.ts";
import { refetchIfFetching } from "../stream/refetch-if-fetching.ts";

const NEWEST_ROWS = 10;
/** The stream does not update the list, so it is polled. */
const LIST_REFRESH_MS = 10_000;

export const newestReplaysQuery = queryOptions({
  queryKey: ["replays"],
  queryFn: async (): Promise<Replay[]> =>
    (await dataOf(api.GET("/api/deliveries/replays", { params: { query: { limit: NEWEST_ROWS } } }))).data,
});

/** All replays, page by page. */
export const replaysQuery = infiniteQueryOptions({
  queryKey: ["replay-list"],
  queryFn: ({ pageParam }): Promise<RowsPage<Replay>> =>
    dataOf(
      api.GET("/api/deliveries/replays", {
        params: { query: { limit: PAGE_ROWS, ...(pageParam !== null && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  refetchInterval: LIST_REFRESH_MS,
});

export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ["replay", id],
    queryFn: async (): Promise<Replay> =>
      (await dataOf(api.GET("/api/deliveries/replays/{id}", { params: { path: { id } } }))).data,
  });

/** A preview of a replay, counted by the server without starting it. */
export const replayPreviewQuery = (filter: ReplayFilter) =>
  queryOptions({
    queryKey: ["replay-preview", filter],
    queryFn: async (): Promise<ReplayPreview> => {
      const result = await dataOf(api.POST("/api/deliveries/replay", { body: { filter, dry_run: true } }));
      if (result.object !== "replay_preview") throw new Error("a dry run returned a replay");
      return result.data;
    },
    gcTime: 0, // counted again every time it is opened
  });

/** The rate and the start of a replay. */
export type ReplayOptions = {
  readonly ratePerSecond: number;
  readonly when: "now" | "receiver_recovers";
  readonly healthyOnly: boolean;
};

export async function startReplay(
  queryClient: QueryClient,
  filter: ReplayFilter,
  options: ReplayOptions,
  idempotencyKey: string,
): Promise<Replay> {
  const result = await dataOf(
    api.POST("/api/deliveries/replay", {
      params: { header: { "idempotency-key": idempotencyKey } },
      body: bodyOf(filter, options),
    }),
  );
  if (result.object !== "replay") throw new Error("a replay returned a dry run");
  showReplay(queryClient, result.data);
  return result.data;
}

function bodyOf(filter: ReplayFilter, { ratePerSecond, when, healthyOnly }: ReplayOptions) {
  return {
    filter,
    rate_per_second: ratePerSecond,
    ...(when !== "now" && { when }),
    ...(healthyOnly && { healthy_only: true }),
  };
}

export async function changeReplay(
  queryClient: QueryClient,
  id: string,
  verb: "pause" | "resume" | "stop",
): Promise<void> {
  const params = { path: { id } };
  const result = await dataOf(
    verb === "pause"
      ? api.POST("/api/deliveries/replays/{id}/pause", { params })
      : verb === "resume"
        ? api.POST("/api/deliveries/replays/{id}/resume", { params })
        : api.POST("/api/deliveries/replays/{id}/stop", { params }),
  );
  showReplay(queryClient, result.data);
}

/** Shows a replay from the stream or a response, unless a newer version is known. */
export function showReplay(queryClient: QueryClient, replay: Replay): void {
  const newer = (known: Replay | undefined) =>
    known !== undefined && known.updated_at > replay.updated_at ? known : replay;
  queryClient.setQueryData(replayQuery(replay.id).queryKey, newer);
  queryClient.setQueryData(newestReplaysQuery.queryKey, (list) => {
    if (list === undefined) return undefined;
    const isListed = list.some(({ id }) => id === replay.id);
    return isListed
      ? list.map((known) => (known.id === replay.id ? newer(known) : known))
      : [replay, ...list];
  });
  refetchIfFetching(queryClient, replayQuery(replay.id).queryKey);
  refetchIfFetching(queryClient, newestReplaysQuery.queryKey);
}
