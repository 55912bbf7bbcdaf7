import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { SearchX, Zap } from "lucide-react";
import { PAGE_ROWS } from "../../api/read-rows.ts";
import { isFiltered } from "../../deliveries/delivery-filter.ts";
import { SearchedNote } from "../../deliveries/list/searched-note.tsx";
import { RetentionNote } from "../../deliveries/retention.tsx";
import { type EventFilter, readEventFilter } from "../../events/event-filter.ts";
import { EventFilters } from "../../events/event-filters.tsx";
import { EventHistogram } from "../../events/event-histogram.tsx";
import { EventList } from "../../events/event-list.tsx";
import { EventsHeader } from "../../events/events-header.tsx";
import { eventsQuery } from "../../events/queries.ts";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore, type PagedList } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/events/")({
  validateSearch: readEventFilter,
  // Only for the first load: a changed filter must show immediately, whether its rows are loaded or not.
  loader: ({ context, location }) =>
    waitBriefly(
      context.queryClient.prefetchInfiniteQuery(eventsQuery(readEventFilter({ ...location.search }))),
    ),
  component: EventsPage,
});

const NO_FILTER = readEventFilter({});

function EventsPage() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const list = useInfiniteQuery(eventsQuery(filter));
  const events = list.data?.pages.flatMap((page) => page.data) ?? [];
  const searched = list.data?.pages.at(-1)?.searched;
  const change = (changed: EventFilter) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const clear = () => change(NO_FILTER);
  return (
    <>
      <EventsHeader />
      <EventFilters filter={filter} onChange={change} onClear={clear} />
      <EventHistogram filter={filter} onChange={change} />
      {list.error && !list.data && (
        <LoadProblem what="Events" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-96" />}
      {list.data && events.length === 0 && (
        <NoEvents
          list={list}
          isFiltered={isFiltered(filter)}
          onClear={() => {
            focusHeading();
            clear();
          }}
        />
      )}
      {events.length > 0 && <EventList events={events} />}
      {events.length > 0 && (
        <LoadMore
          list={list}
          words={(list.data?.pages.at(-1)?.data.length ?? 0) < PAGE_ROWS ? "Search older" : "Load older"}
          what="Older events"
        />
      )}
      {searched && list.hasNextPage && <SearchedNote searched={searched} />}
      <RetentionNote />
    </>
  );
}

type NoEventsProps = {
  list: PagedList;
  isFiltered: boolean;
  onClear: () => void;
};

function NoEvents({ list, isFiltered, onClear }: NoEventsProps) {
  if (!isFiltered) {
    return (
      <EmptyState icon={Zap} title="No events yet">
        Send one from this page, or from your app with an API key.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={list.hasNextPage ? "No matches so far" : "No matches"}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          <LoadMore list={list} words="Search older" what="Older events" variant="primary" className="" />
          <Button onClick={onClear}>Clear filters</Button>
        </div>
      }
    >
      {list.hasNextPage
        ? "None of the newest events match these filters. Older events have not been searched yet."
        : "No events match these filters."}
    </EmptyState>
  );
}
