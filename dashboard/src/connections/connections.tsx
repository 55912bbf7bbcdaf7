import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { CatalogEntry } from "../api/types.ts";
import { counted } from "../text/count.ts";
import { lazyPart } from "../ui/lazy-part.tsx";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { type ConnectionFilter, isFiltered } from "./connection-filter.ts";
import { ConnectionFilters } from "./connection-filters.tsx";
import { ConnectionList } from "./connection-list.tsx";
import { connectionsQuery } from "./queries.ts";
import { StateCounts } from "./state-counts.tsx";

/** Loaded separately: few workspaces have more than one page of connections. */
const LoadMore = lazyPart("The button", async () => (await import("../ui/load-more.tsx")).LoadMore);

/** A shorter list needs no search. */
const FILTERS_FROM = 4;

/** The list of connections with its filters. */
export function Connections({ entry, filter }: { entry: CatalogEntry; filter: ConnectionFilter }) {
  const list = useInfiniteQuery(connectionsQuery(filter));
  const navigate = useNavigate();
  const { disconnected } = entry.connection_counts;
  // Merge into the latest URL: a second change can come before the first has rendered.
  const change = (changed: ConnectionFilter) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...changed }), resetScroll: false });
  const connections = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-labelledby="connections">
      <div className="mb-3 flex flex-wrap items-baseline gap-x-4">
        <h2 id="connections" className="text-card font-semibold">
          Connections
        </h2>
        {entry.connections_count > 0 && (
          <div className="text-muted">
            <StateCounts entry={entry} />
          </div>
        )}
      </div>
      {(entry.connections_count + disconnected >= FILTERS_FROM || isFiltered(filter)) && (
        <ConnectionFilters filter={filter} listed={connections} onChange={change} />
      )}
      {list.error && !list.data && (
        <LoadProblem what="Connections" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-44" />}
      {connections.length > 0 && <ConnectionList connections={connections} />}
      {list.hasNextPage && <LoadMore list={list} words="Load more" what="More connections" />}
      {list.data && connections.length === 0 && isFiltered(filter) && (
        <p className="rounded-card border border-line bg-surface p-5 text-muted">
          No connections match these filters.
        </p>
      )}
      {disconnected > 0 && filter.state !== "disconnected" && (
        <p className="mt-3 text-table text-muted">
          <Link
            to="/integrations/webhook"
            search={{ state: "disconnected" }}
            className="inline-flex min-h-11 items-center font-medium text-accent hover:underline md:min-h-0"
          >
            {counted(disconnected, "disconnected connection", "disconnected connections")}
          </Link>
        </p>
      )}
    </section>
  );
}
