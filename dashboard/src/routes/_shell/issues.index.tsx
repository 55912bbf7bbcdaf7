import { useInfiniteQuery } from "@tanstack/react-query";
import { createFileRoute, Link } from "@tanstack/react-router";
import { CircleCheck, SearchX } from "lucide-react";
import { DocsLink } from "../../docs/docs-link.tsx";
import { ISSUE_STATES, type IssueFilter, readIssueFilter } from "../../issues/issue-filter.ts";
import { IssueList } from "../../issues/issue-list.tsx";
import { issuesQuery } from "../../issues/queries.ts";
import { waitBriefly } from "../../navigation/wait-briefly.ts";
import { Breadcrumb } from "../../ui/breadcrumb.tsx";
import { ChoiceLinks } from "../../ui/choice-links.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { LoadProblem } from "../../ui/load-problem.tsx";
import { PageHeader } from "../../ui/page.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

export const Route = createFileRoute("/_shell/issues/")({
  validateSearch: readIssueFilter,
  loader: ({ context, location }) =>
    waitBriefly(
      context.queryClient.prefetchInfiniteQuery(issuesQuery(readIssueFilter({ ...location.search }))),
    ),
  component: IssuesPage,
});

function IssuesPage() {
  const filter = Route.useSearch();
  const list = useInfiniteQuery(issuesQuery(filter));
  const issues = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      <Breadcrumb trail={[{ name: "Overview", link: { to: "/" } }]} />
      <PageHeader title="Issues">
        Open causes of failed deliveries, one per connection and cause. <DocsLink topic="issues" />
      </PageHeader>
      <div className="mb-4">
        <ChoiceLinks
          label="State"
          choices={ISSUE_STATES.map(({ value, label }) => ({
            name: label,
            link: { to: "/issues", search: { ...filter, state: value === "open" ? undefined : value } },
          }))}
        />
      </div>
      {list.error && !list.data && (
        <LoadProblem what="Issues" error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.isPending && <Skeleton className="h-96" />}
      {list.data && issues.length === 0 && <NoIssues filter={filter} />}
      {issues.length > 0 && <IssueList issues={issues} label="Issues" />}
      {issues.length > 0 && <LoadMore list={list} words="Load more" what="More issues" />}
    </>
  );
}

function NoIssues({ filter: { state = "open", connection } }: { filter: IssueFilter }) {
  if (state === "open" && connection === undefined) {
    return (
      <EmptyState icon={CircleCheck} title="No open issues">
        An issue opens when a delivery attempt fails, and resolves after the next success.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title="No issues match"
      action={
        <Link to="/issues" className="font-medium text-accent underline">
          Show open issues
        </Link>
      }
    >
      Issues are kept as long as the statuses of deliveries.
    </EmptyState>
  );
}
