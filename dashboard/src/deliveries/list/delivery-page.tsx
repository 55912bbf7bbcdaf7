import { SearchX, Send } from "lucide-react";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { WorkerNotice } from "../../settings/system/worker-notice.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { DeliveryList } from "../delivery-list.tsx";
import { KeptNote } from "../retention.tsx";
import type { useLiveDeliveries } from "./use-live-deliveries.ts";
import { WaitingPill } from "./waiting-pill.tsx";

type DeliveryPageProps = {
  live: ReturnType<typeof useLiveDeliveries>;
  isFiltered: boolean;
  onClearFilters: () => void;
  openId: string | undefined;
  startAtId: string | undefined;
  opens: "beside" | "instead";
};

/** The list with what stands in its place while there is nothing to list. */
export function DeliveryPage(props: DeliveryPageProps) {
  const { live, openId, startAtId, opens } = props;
  const { query, rows } = live;
  const list = useRef<HTMLDivElement>(null);

  const showWaiting = () => {
    if (live.isOverflown) {
      focusTitle(); // all rows go away until the list is read again
      return live.showWaiting();
    }
    flushSync(live.showWaiting);
    list.current?.querySelector<HTMLElement>("ul a")?.focus(); // the pill is gone
  };
  if (query.error && !query.data) {
    return <LoadProblem what="Deliveries" error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) return <Skeleton className="h-96" />;
  return (
    <div ref={list}>
      {rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <>
          {openId === undefined && <WorkerNotice deliveries={rows} />}
          <WaitingPill waiting={live.waiting} isOverflown={live.isOverflown} onShow={showWaiting} />
          <DeliveryList
            deliveries={rows}
            label="Deliveries, newest first"
            openId={openId}
            startAtId={startAtId}
            opens={opens}
          />
          {live.canLoadOlder && (
            <LoadMore
              list={query}
              words={live.isSearching ? "Search older" : "Load older"}
              what="Older deliveries"
            />
          )}
        </>
      )}
      <KeptNote />
    </div>
  );
}

function Nothing({ live, isFiltered, onClearFilters }: DeliveryPageProps) {
  if (!isFiltered) {
    return (
      <EmptyState icon={Send} title="No deliveries yet">
        Every event a connection is owed becomes a delivery here, with each attempt on record.
      </EmptyState>
    );
  }
  const canSearchOn = live.query.hasNextPage;
  return (
    <EmptyState
      icon={SearchX}
      title={canSearchOn ? "Nothing matches so far" : "Nothing matches"}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          <LoadMore
            list={live.query}
            words="Search older"
            what="Older deliveries"
            variant="primary"
            className=""
          />
          <Button onClick={onClearFilters}>Clear filters</Button>
        </div>
      }
    >
      {canSearchOn
        ? "None of the newest deliveries is like that. Older ones have not been looked at yet."
        : "No delivery is like that."}
    </EmptyState>
  );
}
