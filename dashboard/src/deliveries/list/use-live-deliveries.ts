import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { PAGE_ROWS } from "../../api/read-rows.ts";
import type { Delivery } from "../../api/types.ts";
import { showReplay } from "../../replays/queries.ts";
import { useChanges } from "../../stream/use-changes.ts";
import type { Change } from "../../stream/watch-changes.ts";
import { type DeliveryFilter, isFollowable, matchesFilter, readList } from "../delivery-filter.ts";
import { deliveriesQuery } from "../queries.ts";
import { arrange, canLoadOlder, liveRows, NO_ROWS } from "./live-rows.ts";

/** How long to wait for further changes before rereading deliveries whose hold may have ended. */
const REFETCH_DELAY_MS = 3_000;

/** The filtered list, page by page, with changes from the stream. */
export function useLiveDeliveries(filter: DeliveryFilter, isLive: boolean) {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(deliveriesQuery(filter));
  const [state, dispatch] = useReducer(liveRows, NO_ROWS);
  const key = JSON.stringify(filter);
  const [shownKey, setShownKey] = useState(key);
  if (shownKey !== key) {
    setShownKey(key);
    dispatch({ type: "restart" });
  }

  const pages = query.data?.pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts over, possibly with cached pages
  useLayoutEffect(() => {
    if (pages === undefined) return;
    const rows = pages.flatMap((page) => page.data);
    dispatch({ type: "read", rows, hasMore: pages.at(-1)?.has_more === true });
  }, [key, pages]);

  const refetchHeld = useDelayed(() => void query.refetch(), REFETCH_DELAY_MS);
  const onChange = (change: Change) => {
    if (change.kind === "replay") showReplay(queryClient, change.row);
    if (change.kind === "connection" && isAnyPending(pages, change.row.id)) refetchHeld();
    if (change.kind !== "delivery") return;
    dispatch({ type: "changed", row: change.row, matches: matchesFilter(filter, change.row, Date.now()) });
  };
  const stream = useChanges({
    // The first page must be there before the stream connects: connecting reads it again, to find changes missed in
    // between.
    query: isLive && pages !== undefined ? scopeOf(filter) : null,
    onChange,
    onGap: () => void query.refetch(),
  });

  const showWaiting = () => {
    if (!state.isOverflown) return dispatch({ type: "show" });
    dispatch({ type: "restart" });
    void queryClient.resetQueries({ queryKey: deliveriesQuery(filter).queryKey, exact: true });
  };
  const lastPage = pages?.at(-1);
  const arranged = useMemo(() => arrange(state), [state]);
  const canFollow = isFollowable(filter);
  return {
    // Sorted otherwise, or found by a search, rows keep the server's order.
    rows: canFollow ? arranged.rows : (pages?.flatMap((page) => page.data) ?? NONE),
    waiting: canFollow ? arranged.waiting : 0,
    isOverflown: state.isOverflown,
    canLoadOlder: !canFollow || canLoadOlder(state),
    isNewestFirst: filter.sort === undefined,
    isSorted: filter.sort !== undefined && filter.sort !== "created_at",
    showWaiting,
    stream,
    query,
    /** How far the last page searched, when the server had to skip deliveries that do not match, or to sort. */
    searched: lastPage?.searched ?? null,
    /** The last search ended before it filled a page; older deliveries have not been searched. */
    isSearching: lastPage !== undefined && lastPage.data.length < PAGE_ROWS,
  };
}

const NONE: readonly Delivery[] = [];

/** The stream follows one connection or all of them. */
function scopeOf(filter: DeliveryFilter): Readonly<Record<string, string>> {
  const connections = readList(filter.connection);
  const [only] = connections;
  return connections.length === 1 && only !== undefined ? { connection_id: only } : {};
}

type Pages = readonly { readonly data: readonly Delivery[] }[] | undefined;

/**
 * Whether the list shows a pending delivery of this connection, which a change of the connection can hold or release.
 */
function isAnyPending(pages: Pages, connectionId: string): boolean {
  return (pages ?? []).some((page) =>
    page.data.some((row) => row.status === "pending" && row.connection_id === connectionId),
  );
}

/** Runs a function once, `pauseMs` after the first call. */
function useDelayed(callback: () => void, pauseMs: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(callback);
  useLayoutEffect(() => {
    latest.current = callback;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, pauseMs);
  };
}
