import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { causeText } from "../../../src/domain/statistics.ts";
import type { Issue } from "../api/types.ts";
import { INTERVAL_MS } from "../charts/chart-range.ts";
import { statisticsQuery } from "../charts/statistics-query.ts";
import { TimeBars } from "../charts/time-bars.tsx";
import { replacesUrl } from "../connections/replaces-url.ts";
import { count } from "../text/count.ts";
import { buttonStyle } from "../ui/button-style.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";

/** One cause: its meaning, what to do, the receiver's response, and failures over time. */
export function IssueView({ issue }: { issue: Issue }) {
  return (
    <div className="flex flex-col gap-6">
      <Card aria-labelledby="issue-state" className="flex flex-col gap-4 p-5">
        <h2 id="issue-state" className="sr-only">
          State
        </h2>
        <Facts
          facts={[
            { name: "State", value: <Status name={issue.state} /> },
            { name: "First failure", value: <TimeAgo at={issue.first_seen_at} /> },
            { name: "Last failure", value: <TimeAgo at={issue.last_seen_at} /> },
            { name: "Failed deliveries", value: count(issue.failed_deliveries) },
            { name: "Failed attempts to be retried", value: count(issue.retrying_attempts) },
            { name: "Waiting deliveries", value: count(issue.waiting_deliveries) },
            ...(issue.resolved_at === null
              ? []
              : [{ name: "Resolved", value: <TimeAgo at={issue.resolved_at} /> }]),
            ...(issue.resolves_at === null
              ? []
              : [{ name: "Resolves, unless it fails again", value: <TimeAgo at={issue.resolves_at} /> }]),
          ]}
        />
      </Card>
      <Advice issue={issue} />
      {issue.receiver_text !== null && (
        <section aria-labelledby="receiver-text" className="flex flex-col gap-2">
          <h2 id="receiver-text" className="text-card font-semibold">
            The receiver's response
          </h2>
          <p className="max-h-60 overflow-y-auto rounded-card border border-line bg-sunken p-4 font-mono text-table [overflow-wrap:anywhere] whitespace-pre-wrap">
            <UntrustedText text={issue.receiver_text} />
          </p>
        </section>
      )}
      <FailureChart issue={issue} />
    </div>
  );
}

function Advice({ issue }: { issue: Issue }) {
  const { explanation } = issue;
  return (
    <Card aria-labelledby="advice" className="flex flex-wrap items-start justify-between gap-4 p-5">
      <div className="min-w-0 flex-1 basis-80">
        <h2 id="advice" className="text-card font-semibold">
          {explanation.title}
        </h2>
        <p className="mt-1 max-w-prose text-muted">
          <UntrustedText text={explanation.detail} />
        </p>
        {explanation.action !== "" && <p className="mt-2 max-w-prose">{explanation.action}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {replacesUrl(explanation.action_code) && (
          <Link
            to="/integrations/connections/$id/settings"
            params={{ id: issue.connection_id }}
            className={buttonStyle("secondary")}
          >
            Replace URL
          </Link>
        )}
        {explanation.action_code === "open_verify" && (
          <Link
            to="/integrations/connections/$id/verify"
            params={{ id: issue.connection_id }}
            className={buttonStyle("secondary")}
          >
            Open Verify
          </Link>
        )}
        {issue.example_delivery_id !== null && (
          <Link
            to="/deliveries/$id"
            params={{ id: issue.example_delivery_id }}
            className={buttonStyle("secondary")}
          >
            Example delivery
          </Link>
        )}
        {issue.waiting_deliveries > 0 && (
          <Link
            to="/deliveries"
            search={{ connection: issue.connection_id, status: "pending" }}
            className={buttonStyle("secondary")}
          >
            Waiting deliveries
          </Link>
        )}
        {issue.failed_deliveries > 0 && (
          <Link
            to="/deliveries"
            search={{ connection: issue.connection_id, status: "failed" }}
            className={buttonStyle("secondary")}
          >
            Failed deliveries
          </Link>
        )}
      </div>
    </Card>
  );
}

/** Failures over the last week, as far as the statistics distinguish this cause. */
function FailureChart({ issue }: { issue: Issue }) {
  const { error_code: errorCode, response_status: responseStatus, host, connection_id } = issue;
  const cause = causeText({ errorCode, responseStatus, host });
  const { data } = useQuery(statisticsQuery({ range: "7d", filters: { connection_id, cause } }));
  const points = data?.series[0]?.points ?? [];
  if (data === undefined || points.every(({ attempts }) => attempts === 0)) return null;
  return (
    <Card aria-labelledby="course" className="p-5">
      <h2 id="course" className="mb-3 text-card font-semibold">
        Failed attempts in the last 7 days
      </h2>
      <TimeBars
        label="Failed attempts of this cause, last 7 days"
        points={points.map(({ start, attempts }) => ({
          start: Date.parse(start),
          delivered: 0,
          failed: attempts,
        }))}
        intervalMs={INTERVAL_MS[data.interval]}
      />
    </Card>
  );
}
