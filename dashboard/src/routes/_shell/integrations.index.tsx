import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { catalogQuery } from "../../connections/queries.ts";
import { ConnectorCard } from "../../integrations/connector-card.tsx";
import { InspectorCard } from "../../integrations/inspector-card.tsx";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/integrations/")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(catalogQuery)),
  component: IntegrationsPage,
});

function IntegrationsPage() {
  const catalog = useQuery(catalogQuery);
  return (
    <>
      <PageHeader title="Integrations">
        Where OpenSend delivers your events, signed and with every attempt on record.
      </PageHeader>
      {catalog.data ? (
        <div className="flex flex-col gap-4">
          {catalog.data.map((entry) => (
            <PanelBoundary key={entry.provider} what={entry.name}>
              <ConnectorCard entry={entry} />
            </PanelBoundary>
          ))}
          <InspectorCard />
        </div>
      ) : catalog.error ? (
        <LoadProblem what="Integrations" error={catalog.error} onRetry={() => void catalog.refetch()} />
      ) : (
        <Skeleton className="h-44" />
      )}
    </>
  );
}
