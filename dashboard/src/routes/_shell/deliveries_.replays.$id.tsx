import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Problem } from "../../api/problem.ts";
import type { Replay } from "../../api/types.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { replayQuery, showReplay } from "../../replays/queries.ts";
import { ReplayActions } from "../../replays/replay-actions.tsx";
import { isActive } from "../../replays/replay-progress.ts";
import { ReplayView } from "../../replays/replay-view.tsx";
import { useChanges } from "../../stream/use-changes.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/deliveries_/replays/$id")({
  loader: ({ context, params }) => waitBriefly(context.queryClient.prefetchQuery(replayQuery(params.id))),
  component: ReplayPage,
});

function ReplayPage() {
  const { id } = Route.useParams();
  const queryClient = useQueryClient();
  const query = useQuery(replayQuery(id));
  const replay = query.data;
  const canChange = replay !== undefined && (isActive(replay) || isEnding(replay));
  const stream = useChanges({
    query: canChange ? {} : null,
    onChange: (change) => {
      if (change.kind === "replay" && change.row.id === id) showReplay(queryClient, change.row);
    },
    onGap: () => void query.refetch(),
  });
  return (
    <>
      <Breadcrumb
        trail={[
          { name: "Deliveries", link: { to: "/deliveries" } },
          { name: "Replays", link: { to: "/deliveries/replays" } },
        ]}
      />
      <PageHeader title="Replay" actions={replay && <ReplayActions replay={replay} />}>
        {stream === "reconnecting" && (
          <span role="status" className="text-warn">
            Reconnecting …
          </span>
        )}
      </PageHeader>
      {replay ? (
        <ReplayView replay={replay} />
      ) : query.error instanceof Problem && ["not_found", "invalid_id"].includes(query.error.code) ? (
        <EmptyState
          icon={SearchX}
          title="No replay at this address"
          action={
            <Link to="/deliveries" className={buttonStyle("primary")}>
              See deliveries
            </Link>
          }
        >
          This replay does not exist, or it belongs to another workspace.
        </EmptyState>
      ) : query.error ? (
        <LoadProblem what="The replay" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </>
  );
}

/** The last requests of a stopped replay can still be in flight. */
function isEnding(replay: Replay): boolean {
  return replay.status === "stopped" && replay.queued > replay.delivered + replay.failed;
}
