import { type QueryClient, useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { CatalogEntry } from "../../api/types.ts";
import { type ConnectionFilter, readConnectionFilter } from "../../connections/connection-filter.ts";
import { ConnectForm } from "../../connections/lazy-connect-form.tsx";
import { catalogQuery, connectionsQuery } from "../../connections/queries.ts";
import { ExampleRequest } from "../../integrations/example-request.tsx";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { usePageDialog } from "../../navigation/use-page-dialog.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { lazyPart } from "../../ui/lazy-part.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** Loaded separately: a new workspace has no connections, and its page loads the form instead. */
const Connections = lazyPart(
  "Connections",
  async () => (await import("../../connections/connections.tsx")).Connections,
  { placeholder: <Skeleton className="h-44" /> },
);

export const Route = createFileRoute("/_shell/integrations/webhook")({
  validateSearch: readConnectionFilter,
  // Only for the first load: a changed filter must show immediately, whether its rows are loaded or not.
  loader: ({ context, location }) =>
    readConnections(context.queryClient, readConnectionFilter({ ...location.search })),
  component: WebhookPage,
});

/** Without connections the form is open. It loads with the page, so that the first Tab leads into it. */
async function readConnections(queryClient: QueryClient, filter: ConnectionFilter): Promise<void> {
  await waitBriefly(
    Promise.all([
      queryClient.prefetchQuery(catalogQuery),
      queryClient.prefetchInfiniteQuery(connectionsQuery(filter)),
    ]),
  );
  const entry = webhookEntry(queryClient.getQueryData(catalogQuery.queryKey));
  await Promise.all([
    entry?.connections_count === 0 && ConnectForm.preload(),
    entry && listedCount(entry) > 0 && Connections.preload(),
  ]);
}

function listedCount({
  connections_count: count,
  connection_counts: { disconnected },
}: CatalogEntry): number {
  return count + disconnected;
}

function webhookEntry(catalog: readonly CatalogEntry[] | undefined): CatalogEntry | undefined {
  return catalog?.find(({ provider }) => provider === "webhook");
}

function WebhookPage() {
  const filter = Route.useSearch();
  const catalog = useQuery(catalogQuery);
  const entry = webhookEntry(catalog.data);
  const readOnlyReason = useReadOnlyReason();
  const another = usePageDialog("connect");
  const isConnectingAnother = another.isOpen && readOnlyReason === null;
  // Counts all connections, not only those on the page.
  const hasActive = entry !== undefined && entry.connections_count > 0;
  const showsForm = entry !== undefined && (isConnectingAnother || !hasActive);

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
              <ConnectForm {...(hasActive && { onCancel: cancel })} takesFocus={isConnectingAnother} />
            </Card>
            <ExampleRequest />
          </div>
        )}
        {catalog.error && !catalog.data ? (
          <LoadProblem what="Connections" error={catalog.error} onRetry={() => void catalog.refetch()} />
        ) : entry === undefined ? (
          <Skeleton className="h-44" />
        ) : (
          listedCount(entry) > 0 && <Connections entry={entry} filter={filter} />
        )}
      </div>
    </>
  );
}
