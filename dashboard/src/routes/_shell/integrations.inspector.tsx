import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import type { InspectorRead } from "../../api/types.ts";
import { SendTestButton } from "../../connections/overview/send-test-button.tsx";
import { StateNotice } from "../../connections/overview/state-notice.tsx";
import { DocsLink } from "../../docs/docs-link.tsx";
import { NoInspector } from "../../inspector/no-inspector.tsx";
import { inspectedQuery, inspectorQuery } from "../../inspector/queries.ts";
import { RequestList } from "../../inspector/request-list.tsx";
import { ResponseCard } from "../../inspector/response-card.tsx";
import { SecretCard } from "../../inspector/secret-card.tsx";
import { TestCard } from "../../inspector/test-card.tsx";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { PanelBoundary } from "../../ui/panel-boundary.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/integrations/inspector")({
  loader: ({ context: { queryClient } }) =>
    waitBriefly(
      Promise.all([queryClient.prefetchQuery(inspectorQuery), queryClient.prefetchQuery(inspectedQuery)]),
    ),
  component: InspectorPage,
});

function InspectorPage() {
  const read = useQuery(inspectorQuery);
  const connection = read.data?.connection ?? null;
  return (
    <>
      <Breadcrumb trail={[{ name: "Integrations", link: { to: "/integrations" } }]} />
      <PageHeader title="Inspector" actions={connection && <SendTestButton connection={connection} />}>
        A built-in receiver. See each request as it arrives, check its signature, and choose the response.
        Requests never leave this server. <DocsLink topic="inspector" />
      </PageHeader>
      {read.data ? (
        <Inspector inspector={read.data} />
      ) : read.error ? (
        <LoadProblem what="The inspector" error={read.error} onRetry={() => void read.refetch()} />
      ) : (
        <Skeleton className="h-96" />
      )}
    </>
  );
}

function Inspector({ inspector: { connection, settings } }: { inspector: InspectorRead }) {
  if (connection === null) return <NoInspector />;
  return (
    <div className="flex flex-col gap-4">
      <StateNotice connection={connection} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-4 lg:grid-cols-[20rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
        <PanelBoundary what="The response">
          <ResponseCard settings={settings} />
        </PanelBoundary>
        <div className="flex min-w-0 flex-col gap-4 lg:row-span-2">
          <PanelBoundary what="The test result">
            <TestCard connection={connection} />
          </PanelBoundary>
          <PanelBoundary what="Requests">
            <RequestList />
          </PanelBoundary>
        </div>
        <div className="flex flex-col gap-4">
          <PanelBoundary what="The verification secret">
            <SecretCard settings={settings} />
          </PanelBoundary>
          <p className="text-table text-muted">
            Requests come from the connection{" "}
            <Link
              to="/integrations/connections/$id"
              params={{ id: connection.id }}
              className="font-medium text-accent underline"
            >
              {connection.name}
            </Link>
            .
          </p>
        </div>
      </div>
    </div>
  );
}
