import { Link } from "@tanstack/react-router";
import { Webhook } from "lucide-react";
import type { CatalogEntry } from "../api/types.ts";
import { ConnectionHealth } from "../connections/connection-status.tsx";
import { EndpointPreview } from "../connections/endpoint.tsx";
import { StateCounts } from "../connections/state-counts.tsx";
import { SilenceNotice } from "../stats/silence-notice.tsx";
import { RecentStats } from "../stats/sparkline.tsx";
import { buttonStyle } from "../ui/button-style.ts";
import { Card } from "../ui/card.tsx";
import { Facts } from "../ui/facts.tsx";
import { Status } from "../ui/status.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** One connector of the catalog: whether it is installed, and the state of its connections. */
export function ConnectorCard({ entry }: { entry: CatalogEntry }) {
  const { connection } = entry;
  const isInstalled = entry.status === "installed" && connection !== null;
  return (
    <Card aria-labelledby={`connector-${entry.provider}`}>
      <div className="flex flex-wrap items-start gap-4 p-5">
        <span className="flex size-10 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
          <Webhook aria-hidden className="size-5" />
        </span>
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 id={`connector-${entry.provider}`} className="text-card font-semibold">
              <Link
                to="/integrations/webhook"
                className="inline-flex min-h-11 items-center hover:underline md:min-h-0"
              >
                {entry.name}
              </Link>
            </h2>
            <Status name={entry.status} />
          </div>
          <p className="mt-1 max-w-prose text-muted">{isInstalled ? entry.description : INTRODUCTION}</p>
        </div>
        {entry.connections_count > 1 ? (
          <Link to="/integrations/webhook" className={buttonStyle("secondary", "w-full md:w-auto")}>
            See connections
          </Link>
        ) : isInstalled ? (
          <Link
            to="/integrations/connections/$id"
            params={{ id: connection.id }}
            className={buttonStyle("secondary", "w-full md:w-auto")}
          >
            Open connection
          </Link>
        ) : (
          <Link to="/integrations/webhook" className={buttonStyle("primary", "w-full md:w-auto")}>
            Connect
          </Link>
        )}
      </div>
      {!isInstalled && (
        <ol className="grid gap-x-8 gap-y-4 border-t border-line px-5 py-4 md:grid-cols-3">
          {STEPS.map(({ title, text }, index) => (
            <li key={title} className="flex gap-3">
              <span
                aria-hidden
                className="flex size-6 shrink-0 items-center justify-center rounded-full bg-sunken text-badge font-semibold text-muted"
              >
                {index + 1}
              </span>
              <div>
                <p className="font-medium">{title}</p>
                <p className="text-table text-muted">{text}</p>
              </div>
            </li>
          ))}
        </ol>
      )}
      {isInstalled && (
        <div className="flex flex-col gap-4 border-t border-line px-5 py-4">
          <SilenceNotice connectionId={null} />
          {entry.connections_count > 1 && <StateCounts entry={entry} />}
          <RecentStats connectionId={null} />
          <Facts
            facts={[
              {
                name: entry.connections_count > 1 ? "Newest connection" : "Connection",
                value: (
                  <Link
                    to="/integrations/connections/$id"
                    params={{ id: connection.id }}
                    className="inline-flex min-h-11 min-w-11 items-center font-medium text-accent hover:underline md:min-h-0"
                  >
                    {connection.name}
                  </Link>
                ),
                isLong: true,
              },
              // With several connections, the health of one would be mistaken for the health of all.
              ...(entry.connections_count > 1
                ? []
                : [{ name: "Health", value: <ConnectionHealth connection={connection} /> }]),
              {
                name: "Last event",
                value: connection.last_event_at ? <TimeAgo at={connection.last_event_at} /> : "None yet",
              },
              { name: "Endpoint", value: <EndpointPreview connection={connection} />, isLong: true },
            ]}
          />
        </div>
      )}
    </Card>
  );
}

const STEPS = [
  { title: "Paste the webhook URL", text: "It is stored encrypted and never shown again." },
  { title: "Send a test event", text: "Uses the same delivery path as real events." },
  { title: "See both sides", text: "The exact request beside the receiver's response." },
];

const INTRODUCTION =
  "Send every OpenSend event to one URL. Paste a catch hook from Zapier, Make, n8n or Pipedream, or your own HTTPS endpoint.";
