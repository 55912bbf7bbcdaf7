import { useQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { Problem } from "../../api/problem.ts";
import { IssueActions } from "../../issues/issue-actions.tsx";
import { IssueView } from "../../issues/issue-view.tsx";
import { issueQuery } from "../../issues/queries.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";

export const Route = createFileRoute("/_shell/issues/$id")({
  loader: ({ context, params }) => waitBriefly(context.queryClient.prefetchQuery(issueQuery(params.id))),
  component: IssuePage,
});

function IssuePage() {
  const { id } = Route.useParams();
  const { data: issue, error, refetch } = useQuery(issueQuery(id));
  return (
    <>
      <Breadcrumb
        trail={[
          { name: "Overview", link: { to: "/" } },
          { name: "Issues", link: { to: "/issues" } },
        ]}
      />
      <PageHeader title={issue?.title ?? "Issue"} actions={issue && <IssueActions issue={issue} showsAll />}>
        {issue && (
          <Link
            to="/integrations/connections/$id"
            params={{ id: issue.connection_id }}
            className="inline-flex min-h-11 min-w-11 items-center text-accent underline [overflow-wrap:anywhere] md:min-h-6"
          >
            <UntrustedText text={issue.connection_name} />
          </Link>
        )}
      </PageHeader>
      {issue ? (
        <IssueView issue={issue} />
      ) : error instanceof Problem && ["not_found", "invalid_id"].includes(error.code) ? (
        <EmptyState
          icon={SearchX}
          title="Issue not found"
          action={
            <Link to="/issues" className={buttonStyle("primary")}>
              See all issues
            </Link>
          }
        >
          This issue does not exist or has expired.
        </EmptyState>
      ) : error ? (
        <LoadProblem what="The issue" error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton className="h-64" />
      )}
    </>
  );
}
