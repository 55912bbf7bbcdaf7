import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { Connection } from "../api/types.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { ConnectionHealth, ConnectionStatus } from "./connection-status.tsx";
import { EndpointPreview } from "./endpoint.tsx";

const COLUMNS =
  "md:grid md:grid-cols-[minmax(0,1.2fr)_8.5rem_7.5rem_minmax(0,1.6fr)_7rem_1rem] md:items-center md:gap-4";

/** Connections newest first: rows on wide screens, cards with labelled values on phones. */
export function ConnectionList({ connections }: { connections: readonly Connection[] }) {
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      <div aria-hidden className={`hidden border-b border-line px-4 py-2 text-badge text-muted ${COLUMNS}`}>
        <span>Name</span>
        <span>State</span>
        <span>Health</span>
        <span>Endpoint</span>
        <span>Last event</span>
      </div>
      <ul className="divide-y divide-line">
        {connections.map((connection) => (
          <li key={connection.id}>
            <Link
              to="/integrations/connections/$id"
              data-row
              params={{ id: connection.id }}
              className={`grid grid-cols-[minmax(0,1fr)] gap-2 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2 md:py-2 ${COLUMNS}`}
            >
              <span className="min-w-0 text-body font-medium [overflow-wrap:anywhere] md:truncate">
                {connection.name}
              </span>
              <Cell label="State">
                <ConnectionStatus connection={connection} />
              </Cell>
              <Cell label="Health">
                <ConnectionHealth connection={connection} />
              </Cell>
              <Cell label="Endpoint">
                <EndpointPreview connection={connection} />
              </Cell>
              <Cell label="Last event">
                {connection.last_event_at ? <TimeAgo at={connection.last_event_at} /> : "None yet"}
              </Cell>
              <ChevronRight aria-hidden className="hidden size-4 text-muted md:block" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Cell({ label, children }: { label: string; children: ReactNode }) {
  return (
    <span className="flex items-center justify-between gap-4 md:block">
      <span className="text-muted md:sr-only">{label}</span>
      <span className="min-w-0 text-right md:text-left">{children}</span>
    </span>
  );
}
