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
import { TimeZoneSwitch } from "../../ui/time-zone-switch.tsx";
import { DeliveryList } from "../delivery-list.tsx";
import { RetentionNote } from "../retention.tsx";
import { SearchedNote } from "./searched-note.tsx";
import type { useLiveDeliveries } from "./use-live-deliveries.ts";
import type { ListSelection } from "./use-selection.ts";
import { WaitingPill } from "./waiting-pill.tsx";

type DeliveryPageProps = {
  live: ReturnType<typeof useLiveDeliveries>;
  selection: ListSelection;
  isFiltered: boolean;
  onClearFilters: () => void;
  openId: string | undefined;
  startAtId: string | undefined;
  opens: "beside" | "instead";
};

/** The list, or a message or placeholder while it is empty. */
export function DeliveryPage(props: DeliveryPageProps) {
  const { live, selection, openId, startAtId, opens } = props;
  const { query, rows } = live;
  const { ids, isAll } = selection.state;
  const list = useRef<HTMLDivElement>(null);

  const showWaiting = () => {
    if (live.isOverflown) {
      focusTitle(); // the rows disappear until the list is read again
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
        <NoDeliveries {...props} />
      ) : (
        <>
          {openId === undefined && <WorkerNotice deliveries={rows} />}
          <WaitingPill waiting={live.waiting} isOverflown={live.isOverflown} onShow={showWaiting} />
          <div>
            <DeliveryList
              deliveries={rows}
              label={live.isNewestFirst ? "Deliveries, newest first" : "Deliveries"}
              openId={openId}
              startAtId={startAtId}
              opens={opens}
              selection={{
                isSelected: (id) => isAll || ids.has(id),
                onSelect: selection.select,
                areAll:
                  isAll ||
                  (ids.size > 0 && rows.every(({ id }) => ids.has(id))) ||
                  (ids.size > 0 ? null : false),
                onSelectShown: selection.selectShown,
              }}
            />
            {live.searched && <SearchedNote searched={live.searched} isSorted={live.isSorted} />}
          </div>
          {live.canLoadOlder && (
            <LoadMore
              list={query}
              words={live.isNewestFirst ? (live.isSearching ? "Search older" : "Load older") : "Load more"}
              what={live.isNewestFirst ? "Older deliveries" : "More deliveries"}
            />
          )}
        </>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <RetentionNote />
        <TimeZoneSwitch />
      </div>
    </div>
  );
}

function NoDeliveries({ live, isFiltered, onClearFilters }: DeliveryPageProps) {
  if (!isFiltered) {
    return (
      <EmptyState icon={Send} title="No deliveries yet">
        Each event becomes one delivery for each connection that wants it, listed here with all attempts.
      </EmptyState>
    );
  }
  const canSearchOn = live.query.hasNextPage;
  const isCut = live.isSorted && live.searched?.complete === false;
  return (
    <EmptyState
      icon={SearchX}
      title={canSearchOn || isCut ? "Nothing matches so far" : "Nothing matches"}
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
      {isCut
        ? "None of the newest deliveries match these filters. Show newest first to search older ones."
        : canSearchOn
          ? "None of the deliveries searched so far match these filters. Older ones have not been searched yet."
          : "No deliveries match these filters."}
      {live.searched && <SearchedNote searched={live.searched} isSorted={live.isSorted} />}
    </EmptyState>
  );
}
