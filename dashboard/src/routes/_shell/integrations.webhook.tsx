import { type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { createFileRoute, Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { CatalogEntry } from "../../api/types.ts";
import { ConnectForm } from "../../connections/connect-form-later.tsx";
import {
  type ConnectionFilter,
  isFiltered,
  readConnectionFilter,
} from "../../connections/connection-filter.ts";
import { ConnectionFilters, ConnectionList } from "../../connections/connection-list-later.tsx";
import { catalogQuery, connectionsQuery } from "../../connections/queries.ts";
import { StateCounts } from "../../connections/state-counts.tsx";
import { WhatArrives } from "../../integrations/what-arrives.tsx";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { orSlow } from "../../navigation/or-slow.ts";
import { useOpened } from "../../navigation/use-opened.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { counted } from "../../text/count.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { later } from "../../ui/later.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** With fewer connections there is nothing to search. */
const FILTERS_FROM = 4;
/** Few have more connections than a page holds. */
const LoadMore = later("The button", async () => (await import("../../ui/load-more.tsx")).LoadMore);

export const Route = createFileRoute("/_shell/integrations/webhook")({
  validateSearch: readConnectionFilter,
  // Only for the first look: a filter that changes must show at once, whether its rows are there or not.
  loader: ({ context, location }) =>
    readConnections(context.queryClient, readConnectionFilter({ ...location.search })),
  component: WebhookPage,
});

/** With nothing to list the form is open: it is there with the page, so that the first Tab leads into it. */
async function readConnections(queryClient: QueryClient, filter: ConnectionFilter): Promise<void> {
  await orSlow(
    Promise.all([
      queryClient.prefetchQuery(catalogQuery),
      queryClient.prefetchInfiniteQuery(connectionsQuery(filter)),
    ]),
  );
  const entry = webhookEntry(queryClient.getQueryData(catalogQuery.queryKey));
  if (entry === undefined) return;
  const total = entry.connections_count + entry.connection_counts.disconnected;
  await Promise.all([
    entry.connections_count === 0 && ConnectForm.preload(),
    total > 0 && ConnectionList.preload(),
    total >= FILTERS_FROM && ConnectionFilters.preload(),
  ]);
}

function webhookEntry(catalog: readonly CatalogEntry[] | undefined): CatalogEntry | undefined {
  return catalog?.find(({ provider }) => provider === "webhook");
}

function WebhookPage() {
  const filter = Route.useSearch();
  const catalog = useQuery(catalogQuery);
  const entry = webhookEntry(catalog.data);
  const readOnlyReason = useReadOnlyReason();
  const another = useOpened("connect");
  const wantsAnother = another.isOpen && readOnlyReason === null;
  // Of all connections, not of those on the page.
  const hasActive = entry !== undefined && entry.connections_count > 0;
  const showsForm = entry !== undefined && (wantsAnother || !hasActive);

  const cancel = () => {
    another.close();
    focusTitle();
  };
  return (
    <>
      <Breadcrumb trail={[{ name: "Integrations", link: { to: "/integrations" } }]} />
      <PageHeader
        title="Webhook / Zapier"
        actions={
          hasActive &&
          !showsForm && (
            <Button
              variant="primary"
              opens={ConnectForm}
              disabledReason={readOnlyReason}
              onClick={another.open}
            >
              <Plus aria-hidden className="size-4" />
              Connect another
            </Button>
          )
        }
      >
        Sends signed events to an automation URL such as a Zapier Catch Hook, a Make webhook, or another HTTPS
        endpoint.
      </PageHeader>
      <div className="flex flex-col gap-6">
        {showsForm && (
          <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
            <Card aria-label="New connection" className="p-5 md:p-6">
              <h2 className="mb-4 text-card font-semibold">New connection</h2>
              <ConnectForm {...(hasActive && { onCancel: cancel })} startHere={wantsAnother} />
            </Card>
            <WhatArrives />
          </div>
        )}
        {catalog.error && !catalog.data ? (
          <LoadProblem what="Connections" error={catalog.error} onRetry={() => void catalog.refetch()} />
        ) : entry === undefined ? (
          <Skeleton className="h-44" />
        ) : (
          <Connections entry={entry} filter={filter} />
        )}
      </div>
    </>
  );
}

function Connections({ entry, filter }: { entry: CatalogEntry; filter: ConnectionFilter }) {
  const list = useInfiniteQuery(connectionsQuery(filter));
  const navigate = useNavigate();
  const { disconnected } = entry.connection_counts;
  const total = entry.connections_count + disconnected;
  if (total === 0) return null;
  // Upon what the address holds by then: two changes may come before the first is drawn.
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
      {(total >= FILTERS_FROM || isFiltered(filter)) && (
        <ConnectionFilters filter={filter} onChange={change} />
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
