import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Attempt } from "../../api/types.ts";
import { BodyPanel } from "../../exchange/body-panel.tsx";
import { HeaderList } from "../../exchange/header-list.tsx";
import { Timeline } from "../../exchange/timeline.tsx";
import { duration } from "../../text/duration.ts";
import { Status } from "../../ui/status.tsx";
import { ExactTime, TimeAgo } from "../../ui/time-ago.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";

type AttemptViewProps = {
  attempt: Attempt;
  startsOpen: boolean;
  /** Whether to explain the failure here; false when the page already does. */
  isExplained: boolean;
};

/** One attempt: its result in a line that expands to the details. */
export function AttemptView({ attempt, startsOpen, isExplained }: AttemptViewProps) {
  const [isOpenAtFirst] = useState(startsOpen);
  const { response, error, explanation } = attempt;
  return (
    <details open={isOpenAtFirst} className="group rounded-card border border-line">
      <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 rounded-card px-3 py-2 text-table hover:bg-sunken">
        <ChevronRight aria-hidden className="size-4 text-muted group-open:rotate-90" />
        <span className="font-medium">Attempt {attempt.number}</span>
        <Status name={statusOf(attempt)} />
        <span>{response === null ? "No response" : response.status}</span>
        <span className="text-muted">{duration(attempt.duration_ms)}</span>
        <span className="ml-auto text-muted">
          <TimeAgo at={attempt.started_at} />
        </span>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        {isExplained && (
          <p className="text-muted">
            {error !== null && (
              <span className="font-medium text-fg">
                <UntrustedText text={`${explanation.title}. `} />
              </span>
            )}
            <UntrustedText text={[explanation.detail, explanation.action].filter(Boolean).join(" ")} />
          </p>
        )}
        <p className="text-table text-muted">
          <span className="font-medium">Started </span>
          <ExactTime at={attempt.started_at} />
        </p>
        <Timeline timings={attempt.timings} progress={{ stage: null, hasResponse: response !== null }} />
        <HeaderList title="Request headers as sent" headers={attempt.request.headers} />
        {response === null ? (
          <p className="text-muted">
            {error ? <UntrustedText text={error.message} /> : "The connection ended before a response."}
          </p>
        ) : (
          <>
            <p className="font-mono text-table [overflow-wrap:anywhere]">
              <UntrustedText text={[response.status, response.status_text].filter(Boolean).join(" ")} />
            </p>
            <HeaderList title="Response headers" headers={response.headers} />
            <BodyPanel
              title="Response body"
              what={`response body of attempt ${attempt.number}`}
              body={response.body}
              exactWord="As received"
            />
            {response.truncated && (
              <p className="text-table text-muted">The response is longer. Only its start is kept.</p>
            )}
          </>
        )}
      </div>
    </details>
  );
}

function statusOf({ error }: Attempt): "delivered" | "blocked" | "failed" {
  if (error === null) return "delivered";
  return error.code.startsWith("blocked_") ? "blocked" : "failed";
}
