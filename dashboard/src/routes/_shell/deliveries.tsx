import { createFileRoute, Link, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  type DeliveryFilter,
  isFiltered,
  isFollowable,
  readDeliveryFilter,
} from "../../deliveries/delivery-filter.ts";
import { matchingCount, useFacets } from "../../deliveries/facets.ts";
import { CountsNote } from "../../deliveries/list/counts-note.tsx";
import { DeliveryFilters } from "../../deliveries/list/delivery-filters.tsx";
import { DeliveryPage } from "../../deliveries/list/delivery-page.tsx";
import { LazyBulkBar } from "../../deliveries/list/lazy-bulk-bar.tsx";
import { LiveToggle } from "../../deliveries/list/live-toggle.tsx";
import { useLiveDeliveries } from "../../deliveries/list/use-live-deliveries.ts";
import { useSelection } from "../../deliveries/list/use-selection.ts";
import { ViewBar } from "../../deliveries/list/view-bar.tsx";
import { NeighborsContext, neighborsOf } from "../../deliveries/neighbors.ts";
import { deliveriesQuery } from "../../deliveries/queries.ts";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { ReplayButton } from "../../replays/replay-button.tsx";
import { RunningReplays } from "../../replays/running-replays.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useIsWide } from "../../ui/use-is-wide.ts";

type DeliveriesSearch = DeliveryFilter & { live?: "off" | undefined };

export const Route = createFileRoute("/_shell/deliveries")({
  validateSearch: (search: Record<string, unknown>): DeliveriesSearch => ({
    ...readDeliveryFilter(search),
    live: search["live"] === "off" ? "off" : undefined,
  }),
  // Only for the first load: a changed filter must show immediately, whether its rows are loaded or not.
  loader: ({ context, location }) =>
    waitBriefly(
      context.queryClient.prefetchInfiniteQuery(deliveriesQuery(readDeliveryFilter({ ...location.search }))),
    ),
  component: DeliveriesPage,
});

/** The list, and the open delivery: beside the list on wide screens, otherwise in its place. */
function DeliveriesPage() {
  const { id: openId } = useParams({ strict: false });
  const isWide = useIsWide();
  if (openId !== undefined && !isWide) return <Outlet />;
  return <ListView openId={openId} isWide={isWide} />;
}

const NOT_LIVE_REASON =
  "Search results and other orders are not updated live. Newest first without a search is.";

function ListView({ openId, isWide }: { openId: string | undefined; isWide: boolean }) {
  const { live: liveWord, ...filter } = Route.useSearch();
  const navigate = useNavigate();
  const canFollow = isFollowable(filter);
  const isLive = liveWord !== "off";
  const live = useLiveDeliveries(filter, isLive && canFollow);
  const selection = useSelection(live.rows, JSON.stringify(filter));
  const facets = useFacets(filter);
  const startAtId = useLastOpen(openId);

  // Merge into the latest URL: a second change can come before the first has rendered.
  const change = (changed: DeliveriesSearch) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const clear = () => change(NO_FILTER);
  const clearFromList = () => {
    focusHeading();
    clear();
  };
  return (
    <NeighborsContext value={neighborsOf(live.rows, openId)}>
      <PageHeader
        title="Deliveries"
        actions={
          <>
            <LiveToggle
              isLive={isLive}
              stream={live.stream}
              blocked={canFollow ? null : NOT_LIVE_REASON}
              onToggle={() => change({ live: isLive ? "off" : undefined })}
            />
            <Link to="/deliveries/replays" className={buttonStyle("secondary")}>
              Replays
            </Link>
            <ReplayButton filter={filter} />
          </>
        }
      >
        Every attempt to deliver an event to a connection.
      </PageHeader>
      <RunningReplays />
      <ViewBar filter={filter} />
      <DeliveryFilters filter={filter} facets={facets} onChange={change} onClear={clear} />
      {facets !== null && <CountsNote facets={facets} />}
      {live.rows.length > 0 && <Histogram filter={filter} onChange={change} />}
      <LazyBulkBar
        selection={selection}
        rows={live.rows}
        filter={filter}
        matching={{ count: matchingCount(facets, filter), isExact: facets?.isExact ?? false }}
      />
      <DeliveryPage
        live={live}
        selection={selection}
        isFiltered={isFiltered(filter)}
        onClearFilters={clearFromList}
        openId={openId}
        startAtId={startAtId}
        opens={isWide ? "beside" : "instead"}
      />
      <Outlet />
    </NeighborsContext>
  );
}

/** Loaded after the list, which is ready first. */
const Histogram = lazyPart(
  "The chart",
  async () => (await import("../../deliveries/list/histogram.tsx")).Histogram,
  { placeholder: <Skeleton className="mb-4 h-37" /> },
);

const NO_FILTER = readDeliveryFilter({});

/** The delivery whose panel was closed last; its row gets the focus back. */
function useLastOpen(openId: string | undefined): string | undefined {
  const [last, setLast] = useState(openId);
  if (openId !== undefined && openId !== last) setLast(openId);
  return openId === undefined ? last : undefined;
}
