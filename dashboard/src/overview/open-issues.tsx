import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { IssueList } from "../issues/issue-list.tsx";
import { topIssuesQuery } from "../issues/queries.ts";
import { LoadProblem } from "../ui/load-problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** Open issues, greatest impact first. */
export function OpenIssues() {
  const issues = useQuery(topIssuesQuery);
  return (
    <section aria-labelledby="issues" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id="issues" className="text-card font-semibold">
          Issues
        </h2>
        <Link
          to="/issues"
          className="flex min-h-11 items-center font-medium text-accent hover:underline md:min-h-6"
        >
          {issues.data?.has_more ? "All open issues" : "All issues"}
        </Link>
      </div>
      {issues.data ? (
        issues.data.data.length === 0 ? (
          <p className="flex items-center gap-2 rounded-card border border-line bg-surface px-4 py-3">
            <CircleCheck aria-hidden className="size-4 text-ok-dot" />
            <span>No open issues.</span>
          </p>
        ) : (
          <IssueList issues={issues.data.data} label="Open issues" />
        )
      ) : issues.error ? (
        <LoadProblem what="Issues" error={issues.error} onRetry={() => void issues.refetch()} />
      ) : (
        <Skeleton className="h-24" />
      )}
    </section>
  );
}
