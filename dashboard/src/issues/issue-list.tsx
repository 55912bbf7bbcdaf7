import { Link } from "@tanstack/react-router";
import type { Issue } from "../api/types.ts";
import { absoluteTime } from "../text/time-ago.ts";
import { buttonStyle } from "../ui/button-style.ts";
import { Status } from "../ui/status.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";
import { useNow } from "../ui/use-now.ts";
import { IssueActions } from "./issue-actions.tsx";
import { countWords, sinceWords } from "./issue-words.ts";

/** One row per cause: connection, error, number of failures, start, and action. */
export function IssueList({ issues, label }: { issues: readonly Issue[]; label: string }) {
  return (
    <ul
      aria-label={label}
      className="@container divide-y divide-line rounded-card border border-line bg-surface"
    >
      {issues.map((issue) => (
        <IssueRow key={issue.id} issue={issue} />
      ))}
    </ul>
  );
}

function IssueRow({ issue }: { issue: Issue }) {
  return (
    <li className="flex flex-col gap-3 px-4 py-3 @4xl:flex-row @4xl:items-center @4xl:justify-between">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {issue.state !== "open" && <Status name={issue.state} />}
          <Link
            to="/issues/$id"
            params={{ id: issue.id }}
            className="inline-flex min-h-11 min-w-0 items-center font-medium [overflow-wrap:anywhere] hover:underline md:min-h-6"
          >
            <span>
              <UntrustedText text={issue.connection_name} /> <span aria-hidden>·</span>{" "}
              <span className="text-err">{issue.title}</span>
            </span>
          </Link>
        </p>
        <p className="text-table text-muted">
          <span>{countWords(issue)}</span>
          <span>, since </span>
          <SinceTime at={issue.first_seen_at} />
          {issue.resolves_at !== null && <ResolvesAt issue={issue} at={issue.resolves_at} />}
        </p>
        {issue.receiver_text !== null && (
          <p className="mt-1 line-clamp-1 font-mono text-badge text-muted [overflow-wrap:anywhere]">
            <UntrustedText text={issue.receiver_text} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Link
          to="/issues/$id"
          params={{ id: issue.id }}
          aria-label={`Open: ${issue.connection_name}, ${issue.title}`}
          className={buttonStyle("secondary", "max-sm:hidden")}
        >
          Open
        </Link>
        <IssueActions issue={issue} />
      </div>
    </li>
  );
}

const TICK_MS = 60_000;

export function SinceTime({ at }: { at: string }) {
  const nowMs = useNow(TICK_MS);
  return (
    <time dateTime={at} title={absoluteTime(new Date(at))} className="whitespace-nowrap">
      {sinceWords(at, nowMs)}
    </time>
  );
}

/** Says that deliveries succeed again, although successes and failures alternated before. */
function ResolvesAt({ issue, at }: { issue: Issue; at: string }) {
  return (
    <span>
      <span>. No failure since </span>
      <SinceTime at={issue.last_seen_at} />
      <span>, resolves at </span>
      <SinceTime at={at} />
    </span>
  );
}
