import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { SearchX, Tag } from "lucide-react";
import { EventTypeList } from "../../events/event-type-list.tsx";
import { EventsHeader } from "../../events/events-header.tsx";
import { eventTypesQuery, readTypePattern } from "../../events/queries.ts";
import { FilterBar } from "../../filters/filter-bar.tsx";
import { TextField } from "../../filters/text-field.tsx";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

type TypesSearch = { type?: string | undefined };

export const Route = createFileRoute("/_shell/events/types")({
  validateSearch: (search): TypesSearch => ({ type: readTypePattern(search["type"]) }),
  loader: ({ context, location }) => {
    const { type } = location.search as TypesSearch;
    return waitBriefly(context.queryClient.prefetchInfiniteQuery(eventTypesQuery(readTypePattern(type))));
  },
  component: EventTypesPage,
});

function EventTypesPage() {
  const { type } = Route.useSearch();
  const navigate = Route.useNavigate();
  const list = useInfiniteQuery(eventTypesQuery(type));
  const types = list.data?.pages.flatMap((page) => page.data) ?? [];
  const change = (pattern: string | undefined) =>
    void navigate({ search: { type: readTypePattern(pattern) }, resetScroll: false });
  return (
    <>
      <EventsHeader />
      <FilterBar isFiltered={type !== undefined} onClear={() => change(undefined)}>
        <TextField label="Type or pattern (order.*)" placeholder="order.*" value={type} onChange={change} />
      </FilterBar>
      {list.error && !list.data && (
        <LoadProblem what="Event types" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-96" />}
      {list.data && types.length === 0 && <NoTypes isFiltered={type !== undefined} />}
      {types.length > 0 && <EventTypeList types={types} />}
      {types.length > 0 && <LoadMore list={list} words="Load more" what="More event types" />}
    </>
  );
}

function NoTypes({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState icon={SearchX} title="No matches">
      No event types match. Enter a type such as order.paid, or a pattern such as order.*
    </EmptyState>
  ) : (
    <EmptyState icon={Tag} title="No event types yet">
      A type appears within seconds of its first event.
    </EmptyState>
  );
}
