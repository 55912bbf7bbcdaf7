import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { EventRow } from "../api/types.ts";
import { ListContainer } from "../ui/list-container.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { originWord } from "./origin-word.ts";
import { EventOutcomes } from "./outcomes.tsx";

const COLUMNS =
  "row:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_7rem_minmax(0,1.1fr)_6rem] row:items-center row:gap-4";

/** Events, newest first, as table rows when the list is wide enough for its columns, otherwise as cards. */
export function EventList({ events }: { events: readonly EventRow[] }) {
  return (
    <ListContainer needs={52}>
      <div className="overflow-hidden rounded-card border border-line bg-surface">
        <div
          aria-hidden
          className={`hidden border-b border-line px-4 py-2 text-badge text-muted row:grid ${COLUMNS}`}
        >
          <span>Type</span>
          <span>Deliveries</span>
          <span>Origin</span>
          <span>Event ID</span>
          <span className="text-right">Accepted</span>
        </div>
        <ul aria-label="Events, newest first" className="divide-y divide-line">
          {events.map((event) => (
            <EventItem key={event.id} event={event} />
          ))}
        </ul>
      </div>
    </ListContainer>
  );
}

/** Memoized, so that existing rows do not render again when the list grows. */
const EventItem = memo(function EventItem({ event }: { event: EventRow }) {
  const { id, type, origin, outcomes, accepted_at } = event;
  return (
    <li>
      <Link
        to="/events/$id"
        data-row
        params={{ id }}
        preload={false}
        className={`grid grid-cols-2 gap-x-4 gap-y-1 px-4 py-3 text-table hover:bg-sunken focus-visible:-outline-offset-2 row:min-h-9 row:py-1 ${COLUMNS}`}
      >
        <span
          title={type}
          className="col-span-2 text-body font-medium [overflow-wrap:anywhere] row:col-span-1 row:truncate"
        >
          {type}
        </span>
        <span className="col-span-2 min-w-0 row:col-span-1">
          <span className="sr-only">Deliveries </span>
          <EventOutcomes outcomes={outcomes} />
        </span>
        <span className="min-w-0 truncate">
          <span className="sr-only">Origin </span>
          {originWord(origin)}
        </span>
        <span
          title={id}
          className="order-last col-span-2 truncate font-mono text-badge text-muted row:order-none row:col-span-1"
        >
          {id}
        </span>
        <span className="text-right">
          <span className="sr-only">Accepted </span>
          <TimeAgo at={accepted_at} />
        </span>
      </Link>
    </li>
  );
});
