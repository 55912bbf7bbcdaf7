import { Link } from "@tanstack/react-router";
import type { EventType } from "../api/types.ts";
import { count } from "../text/count.ts";
import { ListContainer } from "../ui/list-container.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

const COLUMNS = "row:grid-cols-[minmax(0,1fr)_6rem_7rem_7rem_6.5rem] row:items-center row:gap-4";

/** Event types seen so far, by name. */
export function EventTypeList({ types }: { types: readonly EventType[] }) {
  return (
    <ListContainer needs={44}>
      <div className="overflow-hidden rounded-card border border-line bg-surface">
        <div
          aria-hidden
          className={`hidden border-b border-line px-4 py-2 text-badge text-muted row:grid ${COLUMNS}`}
        >
          <span>Type</span>
          <span className="text-right">Events</span>
          <span className="text-right">First seen</span>
          <span className="text-right">Last seen</span>
          <span />
        </div>
        <ul aria-label="Event types" className="divide-y divide-line">
          {types.map((type) => (
            <EventTypeItem key={type.type} type={type} />
          ))}
        </ul>
      </div>
    </ListContainer>
  );
}

function EventTypeItem({ type: seen }: { type: EventType }) {
  const { type, events, first_seen_at, last_seen_at, example_event_id } = seen;
  return (
    <li className={`grid grid-cols-2 gap-x-4 gap-y-1 px-4 py-3 text-table row:min-h-9 row:py-1 ${COLUMNS}`}>
      <Link
        to="/events"
        data-row
        search={{ type }}
        className="col-span-2 flex min-h-11 min-w-0 items-center text-body font-medium [overflow-wrap:anywhere] hover:underline row:col-span-1 row:min-h-0"
      >
        {type}
      </Link>
      <span className="row:text-right">
        <span className="text-muted row:sr-only">Events </span>
        {count(events)}
      </span>
      <span className="text-right">
        <span className="text-muted row:sr-only">First seen </span>
        <TimeAgo at={first_seen_at} />
      </span>
      <span className="row:text-right">
        <span className="text-muted row:sr-only">Last seen </span>
        <TimeAgo at={last_seen_at} />
      </span>
      <Link
        to="/events/$id"
        params={{ id: example_event_id }}
        aria-label={`Example of ${type}`}
        className="flex min-h-11 items-center justify-end text-accent hover:underline row:min-h-0"
      >
        Example
      </Link>
    </li>
  );
}
