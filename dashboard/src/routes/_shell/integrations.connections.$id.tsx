import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link, Outlet } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Problem } from "../../api/problem.ts";
import { SendTestButton } from "../../connections/overview/send-test-button.tsx";
import { connectionQuery } from "../../connections/queries.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TabLinks } from "../../ui/tab-links.tsx";

export const Route = createFileRoute("/_shell/integrations/connections/$id")({
  loader: ({ context, params }) => waitBriefly(context.queryClient.prefetchQuery(connectionQuery(params.id))),
  component: ConnectionPage,
});

const TRAIL = [
  { name: "Integrations", link: { to: "/integrations" } },
  { name: "Webhook / Zapier", link: { to: "/integrations/webhook" } },
] as const;

function ConnectionPage() {
  const { id } = Route.useParams();
  const read = useQuery(connectionQuery(id));
  const connection = read.data?.connection;
  return (
    <>
      <Breadcrumb trail={TRAIL} />
      <PageHeader
        title={connection?.name ?? "Connection"}
        actions={connection && <SendTestButton connection={connection} />}
      >
        {connection?.description}
      </PageHeader>
      {connection ? (
        <>
          <TabLinks
            label="Connection"
            tabs={[
              { name: "Overview", link: { to: "/integrations/connections/$id", params: { id } } },
              { name: "Verify", link: { to: "/integrations/connections/$id/verify", params: { id } } },
              { name: "Settings", link: { to: "/integrations/connections/$id/settings", params: { id } } },
            ]}
          />
          <Outlet />
        </>
      ) : isNotFound(read.error) ? (
        <EmptyState
          icon={SearchX}
          title="No connection at this address"
          action={
            <Link to="/integrations/webhook" className={buttonStyle("primary")}>
              See all connections
            </Link>
          }
        >
          The address may be cut off, or the connection belongs to another workspace.
        </EmptyState>
      ) : read.error ? (
        <LoadProblem what="The connection" error={read.error} onRetry={() => void read.refetch()} />
      ) : (
        <Skeleton className="h-44" />
      )}
    </>
  );
}

function isNotFound(error: unknown): boolean {
  return error instanceof Problem && (error.code === "not_found" || error.code === "invalid_id");
}
