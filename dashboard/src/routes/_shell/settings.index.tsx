import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { workspaceQuery } from "../../settings/queries.ts";
import { WorkspaceForm } from "../../settings/workspace/workspace-form.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/settings/")({
  loader: ({ context }) => waitBriefly(context.queryClient.prefetchQuery(workspaceQuery)),
  component: WorkspaceTab,
});

function WorkspaceTab() {
  const read = useQuery(workspaceQuery);
  if (read.data) return <WorkspaceForm key={read.data.workspace.id} read={read.data} />;
  if (read.error) {
    return <LoadProblem what="The workspace" error={read.error} onRetry={() => void read.refetch()} />;
  }
  return <Skeleton className="h-64" />;
}
