import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { SearchX, Zap } from "lucide-react";
import { PAGE_ROWS } from "../../api/read-rows.ts";
import { isFiltered } from "../../deliveries/delivery-filter.ts";
import { KeptNote } from "../../deliveries/retention.tsx";
import { type EventFilter, OUTCOME_OPTIONS, readEventFilter } from "../../events/event-filter.ts";
import { EventList } from "../../events/event-list.tsx";
import { eventsQuery } from "../../events/queries.ts";
import { SendEventButton } from "../../events/send-event-button.tsx";
import { ChoiceField } from "../../filters/choice-field.tsx";
import { EventTypeField } from "../../filters/event-type-field.tsx";
import { FilterBar } from "../../filters/filter-bar.tsx";
import { TimeRangeField } from "../../filters/time-range-field.tsx";
import { focusHeading } from "../../navigation/focus-heading.ts";
import { orSlow } from "../../navigation/or-slow.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore, type PagedList } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/events/")({
  validateSearch: readEventFilter,
  // Only for the first look: a filter that changes must show at once, whether its rows are there or not.
  loader: ({ context, location }) =>
    orSlow(context.queryClient.prefetchInfiniteQuery(eventsQuery(readEventFilter({ ...location.search })))),
  component: EventsPage,
});

const NO_FILTER = readEventFilter({});

function EventsPage() {
  const filter = Route.useSearch();
  const navigate = Route.useNavigate();
  const list = useInfiniteQuery(eventsQuery(filter));
  const events = list.data?.pages.flatMap((page) => page.data) ?? [];
  const change = (changed: EventFilter) =>
    void navigate({ search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const clear = () => change(NO_FILTER);
  return (
    <>
      <PageHeader title="Events" actions={<SendEventButton />}>
        What your system handed to OpenSend, and what became of it.
      </PageHeader>
      <FilterBar isFiltered={isFiltered(filter)} onClear={clear}>
        <EventTypeField value={filter.type} onChange={(type) => change({ type })} />
        <ChoiceField
          label="Failures"
          allWord="Any outcome"
          value={filter.failed}
          onChange={(failed) => change({ failed })}
          options={OUTCOME_OPTIONS}
        />
        <TimeRangeField value={filter} onChange={change} />
      </FilterBar>
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
      <KeptNote />
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
        Send one by hand, or post it from your own system with an API key.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title={list.hasNextPage ? "Nothing matches so far" : "Nothing matches"}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          <LoadMore list={list} words="Search older" what="Older events" variant="primary" className="" />
          <Button onClick={onClear}>Clear filters</Button>
        </div>
      }
    >
      {list.hasNextPage
        ? "None of the newest events is like that. Older ones have not been looked at yet."
        : "No event is like that."}
    </EmptyState>
  );
}
