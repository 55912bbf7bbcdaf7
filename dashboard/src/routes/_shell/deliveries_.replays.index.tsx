import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { replaysQuery } from "../../replays/queries.ts";
import { ReplayList } from "../../replays/replay-list.tsx";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/deliveries_/replays/")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchInfiniteQuery(replaysQuery)),
  component: ReplaysPage,
});

function ReplaysPage() {
  const query = useInfiniteQuery(replaysQuery);
  const replays = query.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <Breadcrumb trail={[{ name: "Deliveries", link: { to: "/deliveries" } }]} />
      <PageHeader title="Replays">Jobs that send deliveries again.</PageHeader>
      {replays === undefined ? (
        query.error ? (
          <LoadProblem what="Replays" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton className="h-64" />
        )
      ) : replays.length === 0 ? (
        <EmptyState
          icon={History}
          title="No replays yet"
          action={
            <Link to="/deliveries" search={{ status: "failed" }} className={buttonStyle("primary")}>
              See failed deliveries
            </Link>
          }
        >
          Filter deliveries, then choose Replay to send all that match again.
        </EmptyState>
      ) : (
        <>
          <ReplayList replays={replays} />
          <LoadMore list={query} words="Load older" what="Older replays" />
        </>
      )}
    </>
  );
}
