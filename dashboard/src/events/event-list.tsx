import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { EventRow } from "../api/types.ts";
import { TimeAgo } from "../ui/time-ago.tsx";

const COLUMNS = "md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_7rem_7rem_1rem] md:items-center md:gap-4";

/** Events, the last accepted first. */
export function EventList({ events }: { events: readonly EventRow[] }) {
  return (
    <div className="overflow-hidden rounded-card border border-line bg-surface">
      <div
        aria-hidden
        className={`hidden border-b border-line px-4 py-2 text-badge text-muted md:grid ${COLUMNS}`}
      >
        <span>Type</span>
        <span>Event</span>
        <span className="text-right">Happened</span>
        <span className="text-right">Accepted</span>
      </div>
      <ul aria-label="Events, the last accepted first" className="divide-y divide-line">
        {events.map(({ id, type, created_at, accepted_at }) => (
          <li key={id}>
            <Link
              to="/events/$id"
              data-row
              params={{ id }}
              preload={false}
              className={`grid grid-cols-2 gap-x-4 gap-y-1 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2 md:h-9 md:py-0 ${COLUMNS}`}
            >
              <span className="col-span-2 text-body font-medium [overflow-wrap:anywhere] md:col-span-1 md:truncate">
                {type}
              </span>
              <span className="col-span-2 truncate font-mono text-badge text-muted md:col-span-1">{id}</span>
              <span className="md:text-right">
                <span className="text-muted md:sr-only">Happened </span>
                <TimeAgo at={created_at} />
              </span>
              <span className="text-right">
                <span className="text-muted md:sr-only">Accepted </span>
                <TimeAgo at={accepted_at} />
              </span>
              <ChevronRight aria-hidden className="hidden size-4 text-muted md:block" />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
