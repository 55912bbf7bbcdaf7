import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useLayoutEffect, useMemo, useReducer, useState } from "react";
import { PAGE_ROWS } from "../../api/read-rows.ts";
import { noteReplay } from "../../replays/queries.ts";
import { useChanges } from "../../stream/use-changes.ts";
import type { Change } from "../../stream/watch-changes.ts";
import { type DeliveryFilter, matchesFilter } from "../delivery-filter.ts";
import { deliveriesQuery } from "../queries.ts";
import { arrange, canLoadOlder, liveRows, NO_ROWS } from "./live-rows.ts";

/** The filtered list, page by page, and what the stream adds to it. */
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts anew, with pages it may have read before
  useLayoutEffect(() => {
    if (pages === undefined) return;
    const rows = pages.flatMap((page) => page.data);
    dispatch({ type: "read", rows, hasMore: pages.at(-1)?.has_more === true });
  }, [key, pages]);

  const onChange = (change: Change) => {
    if (change.kind === "replay") noteReplay(queryClient, change.row);
    if (change.kind !== "delivery") return;
    dispatch({ type: "changed", row: change.row, matches: matchesFilter(filter, change.row, Date.now()) });
  };
  const scope = filter.connection === undefined ? {} : { connection_id: filter.connection };
  const stream = useChanges({
    // What is read before the stream stands is read again then, so there must be something read.
    query: isLive && pages !== undefined ? scope : null,
    onChange,
    onGap: () => void query.refetch(),
  });

  const showWaiting = () => {
    if (!state.isOverflown) return dispatch({ type: "show" });
    dispatch({ type: "restart" });
    void queryClient.resetQueries({ queryKey: deliveriesQuery(filter).queryKey, exact: true });
  };
  const lastPage = pages?.at(-1);
  return {
    ...useMemo(() => arrange(state), [state]),
    isOverflown: state.isOverflown,
    canLoadOlder: canLoadOlder(state),
    showWaiting,
    stream,
    query,
    /** The last search ended without filling a page: what is older has to be looked for. */
    isSearching: lastPage !== undefined && lastPage.data.length < PAGE_ROWS,
  };
}
