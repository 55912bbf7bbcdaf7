import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ListedConnection } from "../api/types.ts";
import { Sparkline } from "../stats/sparkline.tsx";
import { count, counted } from "../text/count.ts";
import { duration } from "../text/duration.ts";
import { percent } from "../text/percent.ts";
import { ListContainer } from "../ui/list-container.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { UntrustedText } from "../ui/untrusted-text.tsx";
import { ConnectionStateBadge, StateSince } from "./connection-status.tsx";
import { EndpointPreview } from "./endpoint.tsx";
import { eventTypeWords } from "./event-type-words.ts";

/** Event types have a column of their own only in wide lists. */
const COLUMNS =
  "row:grid row:items-center row:gap-4 row:grid-cols-[minmax(0,1.3fr)_10rem_7rem_4rem_4rem_minmax(0,1fr)] row:@min-[66rem]:grid-cols-[minmax(0,1.3fr)_10rem_7rem_4rem_4rem_minmax(0,1.2fr)_minmax(0,0.8fr)]";
const WIDE_ONLY = "row:hidden row:@min-[66rem]:block";

/** Connections as table rows when the list is wide enough for its columns, otherwise as cards with labeled values. */
export function ConnectionList({ connections }: { connections: readonly ListedConnection[] }) {
  return (
    <ListContainer needs={52} className="rounded-card border border-line bg-surface">
      <div aria-hidden className={`hidden border-b border-line px-4 py-2 text-badge text-muted ${COLUMNS}`}>
        <span>Name</span>
        <span>Status</span>
        <span>Last 24 hours</span>
        <span className="text-right">Success</span>
        <span className="text-right">p95</span>
        <span>Last error</span>
        <span className={WIDE_ONLY}>Event types</span>
      </div>
      <ul className="divide-y divide-line">
        {connections.map((connection) => (
          <li key={connection.id}>
            <Link
              to="/integrations/connections/$id"
              data-row
              params={{ id: connection.id }}
              className={`grid grid-cols-[minmax(0,1fr)] gap-2 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2 @lg:grid-cols-2 @lg:gap-x-8 row:py-2 ${COLUMNS}`}
            >
              <Row connection={connection} />
            </Link>
          </li>
        ))}
      </ul>
    </ListContainer>
  );
}

function Row({ connection }: { connection: ListedConnection }) {
  const { stats, last_error: error, pending_count: pending } = connection;
  return (
    <>
      <span className="min-w-0 @lg:col-span-full row:col-span-1">
        <span
          title={connection.name}
          className="block text-body font-medium [overflow-wrap:anywhere] row:truncate"
        >
          {connection.name}
        </span>
        <span
          title={connection.config.webhook.endpoint_preview ?? undefined}
          className="block text-muted row:truncate"
        >
          <EndpointPreview connection={connection} />
        </span>
      </span>
      <Cell label="Status">
        <ConnectionStateBadge connection={connection} />
        <span className="block text-badge text-muted">
          <StateSince connection={connection} />
          {pending > 0 && <span className="block">{count(pending)} waiting</span>}
        </span>
      </Cell>
      <Cell label="Last 24 hours">
        {stats && <Sparkline isPlain hours={stats.hours} label={barWords(stats)} />}
      </Cell>
      <Cell label="Success" isNumber>
        {stats ? percent(stats.success_rate) : NONE}
      </Cell>
      <Cell label="p95" isNumber>
        {stats?.p95_ms == null ? NONE : duration(stats.p95_ms)}
      </Cell>
      <Cell label="Last error">
        {error === null ? (
          NONE
        ) : (
          <>
            <span className="line-clamp-2 [overflow-wrap:anywhere]">
              <UntrustedText text={error.explanation?.title ?? error.message} />
            </span>
            <span className="block text-badge text-muted">
              <TimeAgo at={error.at} />
            </span>
          </>
        )}
      </Cell>
      <Cell label="Event types" className={WIDE_ONLY}>
        <span className="font-mono text-badge [overflow-wrap:anywhere]">
          {eventTypeWords(connection.event_types)}
        </span>
      </Cell>
    </>
  );
}

const NONE = <span className="text-subtle">–</span>;

function barWords({ delivered, failed }: NonNullable<ListedConnection["stats"]>): string {
  if (delivered + failed === 0) return "No attempts in the last 24 hours";
  return `${count(delivered)} of ${counted(delivered + failed, "attempt", "attempts")} delivered`;
}

type CellProps = { label: string; isNumber?: boolean; className?: string; children: ReactNode };

function Cell({ label, isNumber = false, className = "", children }: CellProps) {
  return (
    <span className={`flex min-w-0 items-start justify-between gap-4 row:block ${className}`}>
      <span className="shrink-0 text-muted row:sr-only">{label} </span>
      <span
        className={`min-w-0 text-right ${isNumber ? "tabular-nums row:block" : "row:block row:text-left"}`}
      >
        {children}
      </span>
    </span>
  );
}
