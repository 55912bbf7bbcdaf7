import { Link } from "@tanstack/react-router";
import type { Connection, TestDelivery } from "../../api/types.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { duration } from "../../text/duration.ts";
import { buttonStyle } from "../../ui/button-style.ts";
import { Status, type StatusName } from "../../ui/status.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";
import { replacesUrl } from "../replaces-url.ts";

type TestOutcomeProps = { connection: Connection; delivery: TestDelivery };

/** The result in one line, its meaning, and what to do about it. */
export function TestOutcome({ connection, delivery }: TestOutcomeProps) {
  const { explanation } = delivery;
  return (
    <div className="flex flex-wrap items-start justify-between gap-4">
      <div className="min-w-0 flex-1 basis-80">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Status name={statusOf(delivery)} />
          <p className="font-medium">
            <UntrustedText text={headline(delivery)} />
          </p>
        </div>
        <div className="mt-3 max-w-prose">
          {!delivery.ok && <p className="font-medium">{explanation.title}.</p>}
          <p className="text-muted">{explanation.detail}</p>
          {explanation.action && (
            <p className="mt-2">
              <span className="font-medium">What to do: </span>
              {explanation.action}
            </p>
          )}
          {!delivery.ok && (
            <p className="mt-2 text-table text-muted">
              Every cause of failure: <DocsLink topic="failed attempts" />
            </p>
          )}
        </div>
      </div>
      {replacesUrl(explanation.action_code) && (
        <Link
          to="/integrations/connections/$id/settings"
          params={{ id: connection.id }}
          className={buttonStyle("secondary")}
        >
          Replace URL
        </Link>
      )}
      {explanation.action_code === "open_verify" && (
        <Link
          to="/integrations/connections/$id/verify"
          params={{ id: connection.id }}
          className={buttonStyle("secondary")}
        >
          Open Verify
        </Link>
      )}
    </div>
  );
}

/** The same for screen readers. */
export function outcomeSentence(delivery: TestDelivery): string {
  const { explanation } = delivery;
  if (delivery.ok) return `Delivered, ${headline(delivery)}. ${explanation.detail}`;
  return `Failed. ${explanation.title}. ${explanation.detail} ${explanation.action}`;
}

function statusOf(delivery: TestDelivery): StatusName {
  if (delivery.ok) return "delivered";
  return delivery.error?.code.startsWith("blocked_") ? "blocked" : "failed";
}

function headline({ status, status_text: text, duration_ms: ms }: TestDelivery): string {
  if (status === null) return `No response, ended after ${duration(ms)}`;
  return `${[status, text].filter(Boolean).join(" ")} in ${duration(ms)}`;
}
