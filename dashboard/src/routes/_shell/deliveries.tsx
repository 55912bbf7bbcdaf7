import { createFileRoute, Outlet, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type DeliveryFilter, isFiltered, readDeliveryFilter } from "../../deliveries/delivery-filter.ts";
import { DeliveryFilters } from "../../deliveries/list/delivery-filters.tsx";
import { DeliveryPage } from "../../deliveries/list/delivery-page.tsx";
import { LiveToggle } from "../../deliveries/list/live-toggle.tsx";
import { useLiveDeliveries } from "../../deliveries/list/use-live-deliveries.ts";
import { deliveriesQuery } from "../../deliveries/queries.ts";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { orSlow } from "../../navigation/or-slow.ts";
import { ReplayButton } from "../../replays/replay-button.tsx";
import { RunningReplays } from "../../replays/running-replays.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { useIsWide } from "../../ui/use-is-wide.ts";

type DeliveriesSearch = DeliveryFilter & { live?: "off" | undefined };

export const Route = createFileRoute("/_shell/deliveries")({
  validateSearch: (search: Record<string, unknown>): DeliveriesSearch => ({
    ...readDeliveryFilter(search),
    live: search["live"] === "off" ? "off" : undefined,
  }),
  // Only for the first look: a filter that changes must show at once, whether its rows are there or not.
  loader: ({ context, location }) =>
    orSlow(
      context.queryClient.prefetchInfiniteQuery(deliveriesQuery(readDeliveryFilter({ ...location.search }))),
    ),
  component: DeliveriesPage,
});

/** The list, and the delivery that stands open: beside it on wide screens, in its place on others. */
function DeliveriesPage() {
  const { id: openId } = useParams({ strict: false });
  const isWide = useIsWide();
  if (openId !== undefined && !isWide) return <Outlet />;
  return (
    <>
      <ListView openId={openId} isWide={isWide} />
      <Outlet />
    </>
  );
}

function ListView({ openId, isWide }: { openId: string | undefined; isWide: boolean }) {
  const { live: liveWord, ...filter } = Route.useSearch();
  const navigate = useNavigate();
  const isLive = liveWord !== "off";
  const live = useLiveDeliveries(filter, isLive);
  const startAtId = useLastOpen(openId);

  // Upon what the address holds by then: two changes may come before the first is drawn.
  const change = (changed: DeliveriesSearch) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const clear = () => change(NO_FILTER);
  const clearFromList = () => {
    focusHeading();
    clear();
  };
  return (
    <>
      <PageHeader
        title="Deliveries"
        actions={
          <>
            <LiveToggle
              isLive={isLive}
              stream={live.stream}
              onToggle={() => change({ live: isLive ? "off" : undefined })}
            />
            <ReplayButton filter={filter} />
          </>
        }
      >
        What OpenSend owes to receivers, and what came of it.
      </PageHeader>
      <RunningReplays />
      <DeliveryFilters filter={filter} onChange={change} onClear={clear} />
      <DeliveryPage
        live={live}
        isFiltered={isFiltered(filter)}
        onClearFilters={clearFromList}
        openId={openId}
        startAtId={startAtId}
        opens={isWide ? "beside" : "instead"}
      />
    </>
  );
}

const NO_FILTER = readDeliveryFilter({});

/** The delivery whose panel was closed last: focus goes back to its row. */
function useLastOpen(openId: string | undefined): string | undefined {
  const [last, setLast] = useState(openId);
  if (openId !== undefined && openId !== last) setLast(openId);
  return openId === undefined ? last : undefined;
}
