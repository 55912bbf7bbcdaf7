import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Connection } from "../../api/types.ts";
import { eventCurl } from "../../events/event-request.ts";
import { Card } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";

/** Suggestions after a delivered test event. */
export function NextSteps({ connection }: { connection: Connection }) {
  const isSigned = connection.config.webhook.has_signing_secret;
  const curl = eventCurl(location.origin, exampleType(connection.event_types), '{"order_id": 42}');
  return (
    <Card aria-labelledby="next-steps" className="p-5">
      <h2 id="next-steps" className="text-card font-semibold">
        Next steps
      </h2>
      <ol className="mt-3 grid gap-5 md:grid-cols-3">
        {connection.config.webhook.receiver === "inspector" ? (
          <Step title="Look at the received request">
            The inspector shows the request as it arrived, and whether its signature is valid. Let it respond
            with 410 or time out, and see how OpenSend reacts.{" "}
            <Link to="/integrations/inspector" className="font-medium text-accent underline">
              Open the inspector
            </Link>
          </Step>
        ) : isSigned ? (
          <Step title="Verify the signature">
            In the receiver, compute the HMAC-SHA256 of <Code>{"<timestamp>.<raw-json-body>"}</Code> with your
            signing secret and compare it with <Code>x-opensend-signature</Code>. Both headers are in the
            request above.{" "}
            <Link
              to="/integrations/connections/$id/verify"
              params={{ id: connection.id }}
              className="font-medium text-accent underline"
            >
              Verify the signature
            </Link>
          </Step>
        ) : (
          <Step title="Sign your events">
            Without a signing secret, the receiver cannot tell OpenSend from anyone else who knows the URL.{" "}
            <Link
              to="/integrations/connections/$id/settings"
              params={{ id: connection.id }}
              className="font-medium text-accent underline"
            >
              Add a signing secret
            </Link>
          </Step>
        )}
        <Step title="Send a real event">
          <Link to="/api-keys" className="font-medium text-accent underline">
            Create an API key
          </Link>{" "}
          with sending access, then run:
          <span className="mt-2 flex items-start gap-2 rounded-control bg-sunken p-1 pl-3">
            <code className="min-w-0 flex-1 py-2 font-mono text-badge [overflow-wrap:anywhere] whitespace-pre-wrap text-fg">
              {curl}
            </code>
            <CopyButton text={() => curl} what="curl command" />
          </span>
        </Step>
        <Step title="Invite your team">
          Members see what was sent and why it failed. Their role decides what they can change.{" "}
          <Link to="/members" className="font-medium text-accent underline">
            Open members
          </Link>
        </Step>
      </ol>
    </Card>
  );
}

/** An event type that this connection receives. */
function exampleType(patterns: readonly string[]): string {
  const [first = "*"] = patterns;
  return first === "*" ? "order.paid" : first.replace(/\*$/, "example");
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li>
      <h3 className="font-medium">{title}</h3>
      <div className="mt-1 text-muted">{children}</div>
    </li>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-badge text-fg">{children}</code>;
}
