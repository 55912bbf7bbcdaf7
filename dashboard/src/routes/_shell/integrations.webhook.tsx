import { type QueryClient, useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import type { Connection } from "../../api/types.ts";
import { ConnectForm } from "../../connections/connect-form-later.tsx";
import { ConnectionList } from "../../connections/connection-list.tsx";
import { connectionsQuery } from "../../connections/queries.ts";
import { WhatArrives } from "../../integrations/what-arrives.tsx";
import { focusTitle } from "../../navigation/focus-heading.ts";
import { orSlow } from "../../navigation/or-slow.ts";
import { useOpened } from "../../navigation/use-opened.ts";
import { useReadOnlyReason } from "../../session/session-query.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { later } from "../../ui/later.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** Few have more connections than a page holds. */
const LoadMore = later("The button", async () => (await import("../../ui/load-more.tsx")).LoadMore);

export const Route = createFileRoute("/_shell/integrations/webhook")({
  loader: ({ context }) => readConnections(context.queryClient),
  component: WebhookPage,
});

/** With nothing to list the form stands open: it is there with the page, so that the first Tab leads into it. */
async function readConnections(queryClient: QueryClient): Promise<void> {
  await orSlow(queryClient.prefetchInfiniteQuery(connectionsQuery));
  const list = queryClient.getQueryData(connectionsQuery.queryKey);
  if (list?.pages.every(({ data }) => !data.some(isActive))) await ConnectForm.preload();
}

const isActive = ({ status }: Connection) => status !== "disconnected";

function WebhookPage() {
  const list = useInfiniteQuery(connectionsQuery);
  const readOnlyReason = useReadOnlyReason();
  const another = useOpened("connect");
  const wantsAnother = another.isOpen && readOnlyReason === null;
  const connections = list.data?.pages.flatMap((page) => page.data) ?? [];
  const hasActive = connections.some(isActive);
  const showsForm = list.data !== undefined && (wantsAnother || !hasActive);

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
        {list.error && !list.data && (
          <LoadProblem what="Connections" error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.isPending && <Skeleton className="h-44" />}
        {connections.length > 0 && (
          <section aria-labelledby="connections">
            <h2 id="connections" className="mb-2 text-card font-semibold">
              Connections
            </h2>
            <ConnectionList connections={connections} />
            {list.hasNextPage && <LoadMore list={list} words="Load more" what="More connections" />}
          </section>
        )}
      </div>
    </>
  );
}
