import { Link } from "@tanstack/react-router";
import type { Attempt, DeliveryDetail } from "../../api/types.ts";
import { replacesUrl } from "../../connections/replaces-url.ts";
import { DocsLink } from "../../docs/docs-link.tsx";
import { buttonStyle } from "../../ui/button-style.ts";
import { Notice } from "../../ui/notice.tsx";
import { UntrustedText } from "../../ui/untrusted-text.tsx";

/** The current failure: that of the latest attempt, unless the delivery has succeeded since. */
export function currentFailure({ attempts, status }: DeliveryDetail): Attempt | null {
  const latest = attempts.at(-1);
  return latest === undefined || latest.error === null || status === "delivered" ? null : latest;
}

/** Why the latest attempt failed, what the error means, and what to do about it. */
export function WhyFailed({ delivery }: { delivery: DeliveryDetail }) {
  const latest = currentFailure(delivery);
  if (latest === null) return null;
  const { title, detail, action, action_code } = latest.explanation;
  const linkWord = wordForLink(action_code);
  const isForVerify = action_code === "open_verify";
  return (
    <Notice
      tone={delivery.status === "failed" ? "err" : "warn"}
      title={`${title}.`}
      action={
        linkWord && (
          <Link
            to={
              isForVerify ? "/integrations/connections/$id/verify" : "/integrations/connections/$id/settings"
            }
            params={{ id: delivery.connection_id }}
            className={buttonStyle("secondary")}
          >
            {linkWord}
          </Link>
        )
      }
    >
      <p>
        <UntrustedText text={detail} />
      </p>
      {action && (
        <p className="mt-1">
          <span className="font-medium">What to do: </span>
          <UntrustedText text={action} />
        </p>
      )}
      <p className="mt-1">
        Every cause of failure: <DocsLink topic="failed attempts" />
      </p>
    </Notice>
  );
}

/** The label of a link to the connection's pages; null for actions that are only text or a button above. */
function wordForLink(actionCode: string): string | null {
  if (replacesUrl(actionCode)) return "Replace URL";
  if (actionCode === "open_verify") return "Open Verify";
  return actionCode === "add_key" ? "Open settings" : null;
}
